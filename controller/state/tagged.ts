import type { OperatorError } from '../errors.ts';
import type { Read } from './observed.ts';

/** The file of the targets that only tags ask for, as its name is in the AWS sample. */
export const TAGGED_FILE = 'ecs-services.json';

/** By namespace name, what was found in it. Failed: not even the names of the namespaces could be read. */
export type TaggedNamespaces = Read<ReadonlyMap<string, Read<TaggedNamespace>>>;

export interface TaggedNamespace {
  readonly exists: boolean;
  readonly registries: readonly TaggedRegistry[];
  /** A registry that is not in the list may exist all the same. */
  readonly unread?: OperatorError;
}

export interface TaggedRegistry {
  readonly name: string;
  readonly read: Read<TaggedInstances>;
}

/** A registry without tags that ask for a scrape has no instances here: they are not read. */
export interface TaggedInstances {
  readonly tags: Readonly<Record<string, string>>;
  readonly instances: readonly TaggedInstance[];
}

/** A Cloud Map instance with what ECS writes on it. */
export interface TaggedInstance {
  /** Of a task of ECS, the id of the task. */
  readonly id: string;
  readonly ip: string | undefined;
  readonly port: number | undefined;
  readonly cluster: string | undefined;
  readonly service: string | undefined;
  readonly taskDefinitionFamily: string | undefined;
}

/** Tags that ask for a scrape, each with the tag of its port. */
export const METRICS_TAGS = [
  { path: 'METRICS_PATH', port: 'METRICS_PORT', ownPort: true },
  { path: 'ECS_METRICS_PATH', port: 'ECS_METRICS_PORT', ownPort: false },
] as const;

export function asksForScrape(tags: Readonly<Record<string, string>>): boolean {
  return METRICS_TAGS.some(({ path }) => tags[path] !== undefined);
}
