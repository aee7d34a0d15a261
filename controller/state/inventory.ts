import type { ServiceRef } from '../api/types.ts';
import type { OperatorError } from '../errors.ts';
import type { ObservedState } from './observed.ts';

/** What to take stock of: registries by their namespace, or ECS services, and the registries that they name, by their cluster. */
export type InventoryScope =
  | { readonly kind: 'namespaces'; readonly names: readonly string[] }
  /** With `service` that one service of each cluster only. */
  | { readonly kind: 'clusters'; readonly names: readonly string[]; readonly service: string | undefined };

/** What exists, whether or not a document names it. */
export interface Inventory {
  readonly scope: InventoryScope;
  /**
   * Tags were read of the registries in scope, and of no others. Tasks are never read. In scope `namespaces`
   * all ECS services of the account are here, because any of them may use a registry.
   */
  readonly observed: ObservedState;
  /** By registry ARN, where no ECS service names the registry: the services whose tasks are registered in it. */
  readonly registrants: ReadonlyMap<string, readonly ServiceRef[]>;
  /** Reads that failed, so that something may exist all the same. */
  readonly unread: readonly OperatorError[];
}
