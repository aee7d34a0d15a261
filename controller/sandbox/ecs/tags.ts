import { AwsFault } from '../service.ts';
import { ecsInput, findService, invalidParameter, lastSegment } from './world.ts';
import type { Members } from '../members.ts';
import type { Service, Tags } from './model.ts';
import type { EcsWorld } from './world.ts';

const MAX_TAGS = 50;
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

const isReserved = (text: string): boolean => text.toLowerCase().startsWith('aws:');

function checkTag(key: string, value: string): void {
  if (isReserved(key) || isReserved(value))
    throw invalidParameter('Tag keys and values that start with aws: are reserved for system use.');
  if (!TAG_TEXT.test(key) || !TAG_TEXT.test(value))
    throw invalidParameter(`The tag ${key} contains characters that are not allowed.`);
}

/** The user's tags of a create or tag call, checked. */
export function readTags(input: Members): Tags {
  const tags: Tags = new Map();
  for (const tag of input.objects('tags') ?? []) {
    const key = tag.requiredText('key', { min: 1, max: 128 });
    const value = tag.text('value', { max: 256 }) ?? '';
    checkTag(key, value);
    if (tags.has(key)) throw invalidParameter(`Duplicate tag keys found: ${key}`);
    tags.set(key, value);
  }
  if (tags.size > MAX_TAGS) throw tooManyTags();
  return tags;
}

const tooManyTags = (): AwsFault =>
  new AwsFault('LimitExceededException', `A resource can have at most ${MAX_TAGS} tags.`);

export const tagList = (tags: Tags): { key: string; value: string }[] =>
  [...tags].map(([key, value]) => ({ key, value }));

function serviceTags(world: EcsWorld, path: string): Tags | undefined {
  const [cluster, name] = path.split('/');
  if (cluster === undefined || name === undefined)
    throw invalidParameter('Long arn format must be used for tagging operations');
  const found = world.clusters.get(cluster);
  const service: Service | undefined = found === undefined ? undefined : findService(found, name);
  return service?.tags;
}

function inCluster(path: string): { cluster: string; id: string } {
  const [cluster = '', id] = path.split('/');
  if (id === undefined) throw invalidParameter('Long arn format must be used for tagging operations');
  return { cluster, id };
}

/** The tags of the resource behind an ARN. */
function tagsOf(world: EcsWorld, arn: string): Tags | undefined {
  const match = /^arn:aws[\w-]*:ecs:[^:]*:[^:]*:([a-z-]+)\/(.+)$/.exec(arn);
  const [, kind, path = ''] = match ?? [];
  switch (kind ?? '') {
    case 'cluster':
      return world.clusters.get(path)?.tags;
    case 'service':
      return serviceTags(world, path);
    case 'task': {
      const { cluster, id } = inCluster(path);
      return world.clusters.get(cluster)?.tasks.get(id)?.tags;
    }
    case 'container-instance': {
      const { cluster, id } = inCluster(path);
      return world.clusters.get(cluster)?.containerInstances.get(id)?.tags;
    }
    case 'task-definition': {
      const [family = '', revision] = lastSegment(path).split(':');
      return world.families.get(family)?.[Number(revision) - 1]?.tags;
    }
    default:
      throw invalidParameter(
        'Invalid parameter: resourceArn is not the ARN of a resource that can be tagged.',
      );
  }
}

function requireTags(world: EcsWorld, input: Members, notFound: string): Tags {
  const arn = input.requiredText('resourceArn');
  const tags = tagsOf(world, arn);
  if (tags === undefined) throw new AwsFault(notFound, `The specified resource could not be found: ${arn}`);
  return tags;
}

export function tagOperations(world: EcsWorld) {
  return {
    TagResource(raw: Record<string, unknown>) {
      const input = ecsInput(raw);
      const tags = requireTags(world, input, 'ResourceNotFoundException');
      const added = readTags(input);
      const keys = [...tags.keys(), ...added.keys()].filter((key) => !isReserved(key));
      if (new Set(keys).size > MAX_TAGS) throw tooManyTags();
      for (const [key, value] of added) tags.set(key, value);
      return {};
    },
    UntagResource(raw: Record<string, unknown>) {
      const input = ecsInput(raw);
      const tags = requireTags(world, input, 'ResourceNotFoundException');
      for (const key of input.requiredTexts('tagKeys')) if (!isReserved(key)) tags.delete(key);
      return {};
    },
    ListTagsForResource(raw: Record<string, unknown>) {
      return { tags: tagList(requireTags(world, ecsInput(raw), 'InvalidParameterException')) };
    },
  };
}
