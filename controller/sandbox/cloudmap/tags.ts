import type { LaggingMap } from '../lagging.ts';
import type { Json, Members } from '../members.ts';
import { members } from '../members.ts';
import { AwsFault } from '../service.ts';
import type { Namespace, Service } from './model.ts';
import {
  findNamespace,
  findService,
  invalidInput,
  isArn,
  isShared,
  namespaceOf,
  type Store,
} from './store.ts';

const MAX_TAGS = 50;
const ALLOWED = /^[\p{L}\p{N}\p{Z}_.:/=+\-@]*$/u;

const isReserved = (text: string): boolean => /^aws:/i.test(text);

/** Tags that AWS put there are not counted. */
const countOf = (keys: Iterable<string>): number => [...keys].filter((key) => !isReserved(key)).length;

function tagOf(input: Members): readonly [string, string] {
  const key = input.requiredText('Key', { min: 1, max: 128 });
  const value = input.requiredText('Value', { max: 256 });
  if (isReserved(key) || isReserved(value))
    throw invalidInput(`The tag ${key} is reserved: keys and values can't start with aws:.`);
  if (!ALLOWED.test(key) || !ALLOWED.test(value))
    throw invalidInput(
      `The tag ${key} has a character other than letters, numbers, spaces and + - = . _ : / @.`,
    );
  return [key, value];
}

const tooManyTags = (arn: string): AwsFault =>
  new AwsFault('TooManyTagsException', `The maximum number of tags that can be applied is ${MAX_TAGS}.`, {
    fields: { ResourceName: arn },
  });

/** Tags of a create request. */
export function newTagsOf(input: Members, name: string): ReadonlyMap<string, string> {
  const tags = new Map((input.objects('Tags', { max: 200 }) ?? []).map(tagOf));
  if (tags.size > MAX_TAGS) throw tooManyTags(name);
  return tags;
}

/** A share of a namespace carries no permission to tag, so AWS refuses the caller and not the request. */
export const sharedTags = (action: string, resource: string): AwsFault =>
  new AwsFault(
    'AccessDeniedException',
    `The caller is not authorized to perform servicediscovery:${action} on ${resource}: tags aren't supported in shared namespaces.`,
  );

function resourceOf(store: Store, arn: string): { resource: Namespace | Service; namespace: Namespace } {
  const service = isArn(arn) ? findService(store, arn) : undefined;
  if (service !== undefined) return { resource: service, namespace: namespaceOf(store, service) };
  const namespace = isArn(arn) ? findNamespace(store, arn) : undefined;
  if (namespace === undefined)
    throw new AwsFault('ResourceNotFoundException', `The resource ${arn} was not found.`);
  return { resource: namespace, namespace };
}

function taggable(store: Store, input: Members, action: string): { arn: string; tags: LaggingMap<string> } {
  const arn = input.requiredText('ResourceARN', { min: 1, max: 1011 });
  const { resource, namespace } = resourceOf(store, arn);
  if (isShared(store, namespace)) throw sharedTags(action, arn);
  return { arn, tags: resource.tags };
}

export function tagOperations(store: Store) {
  return {
    TagResource(json: Json) {
      const input = members(json, 'InvalidInput');
      const { arn, tags } = taggable(store, input, 'TagResource');
      const added = new Map(input.requiredObjects('Tags', { max: 200 }).map(tagOf));
      if (countOf(new Set([...tags.current.keys(), ...added.keys()])) > MAX_TAGS) throw tooManyTags(arn);
      for (const [key, value] of added) tags.set(key, value);
      return {};
    },

    UntagResource(json: Json) {
      const input = members(json, 'InvalidInput');
      const { tags } = taggable(store, input, 'UntagResource');
      const keys = input.requiredTexts('TagKeys', { max: 200 }, { min: 1, max: 128 });
      const reserved = keys.find(isReserved);
      if (reserved !== undefined) throw invalidInput(`The tag ${reserved} is reserved and can't be removed.`);
      for (const key of keys) tags.delete(key);
      return {};
    },

    ListTagsForResource(json: Json) {
      const { tags } = taggable(store, members(json, 'InvalidInput'), 'ListTagsForResource');
      return { Tags: [...tags.listed].map(([Key, Value]) => ({ Key, Value })) };
    },
  };
}
