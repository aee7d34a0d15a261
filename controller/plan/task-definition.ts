import type { OperatorError } from '../errors.ts';
import type { DesiredTarget } from '../state/desired.ts';
import { serviceKey } from '../state/keys.ts';
import type { ObservedState, ObservedTaskDefinition } from '../state/observed.ts';

/** The task definition that the ECS service runs now, or why it is not known. */
export type TaskDefinitionLookup =
  | { readonly kind: 'found'; readonly taskDefinition: ObservedTaskDefinition }
  | { readonly kind: 'absent'; readonly what: string }
  | { readonly kind: 'unread'; readonly what: string; readonly error: OperatorError | undefined };

export function findTaskDefinition(target: DesiredTarget, observed: ObservedState): TaskDefinitionLookup {
  const key = serviceKey(target.binding.service);
  const service = observed.services.get(key);
  if (service === undefined) return { kind: 'unread', what: `service ${key}`, error: undefined };
  if (service.kind === 'failed') return { kind: 'unread', what: `service ${key}`, error: service.error };
  if (service.value === undefined) return { kind: 'absent', what: `service ${key} does not exist` };
  const arn = service.value.taskDefinitionArn;
  if (arn === undefined) return { kind: 'absent', what: `service ${key} has no task definition of its own` };
  const read = observed.taskDefinitions.get(arn);
  if (read === undefined) return { kind: 'unread', what: `task definition ${arn}`, error: undefined };
  return read.kind === 'failed'
    ? { kind: 'unread', what: `task definition ${arn}`, error: read.error }
    : { kind: 'found', taskDefinition: read.value };
}

export const taskDefinitionName = ({ family, revision }: ObservedTaskDefinition): string =>
  `${family}:${revision}`;
