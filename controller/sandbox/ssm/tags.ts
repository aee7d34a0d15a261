import type { Json, Members } from '../members.ts';
import { members } from '../members.ts';
import { AwsFault } from '../service.ts';
import type { Parameter, Store } from './store.ts';

const MAX_TAGS = 50;

export const tagsOf = (input: Members): ReadonlyMap<string, string> =>
  new Map(
    (input.objects('Tags', { max: 1000 }) ?? []).map((tag) => [
      tag.requiredText('Key', { min: 1, max: 128 }),
      tag.requiredText('Value', { max: 256 }),
    ]),
  );

export function checkTagCount(tags: ReadonlyMap<string, string>): void {
  if (tags.size > MAX_TAGS)
    throw new AwsFault('TooManyTagsError', `A parameter can have at most ${MAX_TAGS} tags.`);
}

function parameterOf(store: Store, input: Members): Parameter {
  const type = input.requiredText('ResourceType');
  if (type !== 'Parameter')
    throw new AwsFault('InvalidResourceType', `The resource type ${type} is not valid here: use Parameter.`);
  const parameter = store.parameters.get(input.requiredText('ResourceId'));
  if (parameter === undefined)
    throw new AwsFault(
      'InvalidResourceId',
      'The resource ID is not valid. Verify that you entered the correct ID.',
    );
  return parameter;
}

export function tagOperations(store: Store) {
  const save = (parameter: Parameter, tags: ReadonlyMap<string, string>): Record<string, never> => {
    checkTagCount(tags);
    store.parameters.set(parameter.name, { ...parameter, tags });
    return {};
  };
  return {
    AddTagsToResource(json: Json) {
      const input = members(json, 'ValidationException');
      const parameter = parameterOf(store, input);
      return save(parameter, new Map([...parameter.tags, ...tagsOf(input)]));
    },

    RemoveTagsFromResource(json: Json) {
      const input = members(json, 'ValidationException');
      const parameter = parameterOf(store, input);
      const removed = new Set(input.requiredTexts('TagKeys'));
      return save(parameter, new Map([...parameter.tags].filter(([key]) => !removed.has(key))));
    },

    ListTagsForResource(json: Json) {
      const { tags } = parameterOf(store, members(json, 'ValidationException'));
      return { TagList: [...tags].map(([Key, Value]) => ({ Key, Value })) };
    },
  };
}
