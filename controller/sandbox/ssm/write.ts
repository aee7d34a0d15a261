import type { Json, Members } from '../members.ts';
import { members } from '../members.ts';
import { AwsFault } from '../service.ts';
import { checkName } from './names.ts';
import { checkTagCount, tagsOf } from './tags.ts';
import {
  invalid,
  latest,
  parameterNotFound,
  type Parameter,
  type ParameterType,
  type ParameterVersion,
  type Store,
  type Tier,
} from './store.ts';

const TYPES: readonly ParameterType[] = ['String', 'StringList', 'SecureString'];
const DATA_TYPES = ['text', 'aws:ec2:image', 'aws:ssm:integration'];
const MAX_VERSIONS = 100;
const MAX_SIZE: Readonly<Record<Tier, number>> = { Standard: 4096, Advanced: 8192 };

export interface NewValue {
  readonly name: string;
  readonly value: string;
  readonly type: ParameterType | undefined;
  readonly tier: Tier | 'Intelligent-Tiering' | undefined;
  readonly dataType: string | undefined;
  readonly keyId: string | undefined;
  readonly description: string | undefined;
  readonly allowedPattern: string | undefined;
  readonly tags: ReadonlyMap<string, string>;
}

function typeOf(input: Members): ParameterType | undefined {
  const text = input.text('Type', { oneOf: TYPES });
  return TYPES.find((type) => type === text);
}

function tierOf(input: Members): NewValue['tier'] {
  const tiers = ['Standard', 'Advanced', 'Intelligent-Tiering'] as const;
  const text = input.text('Tier', { oneOf: tiers });
  return tiers.find((tier) => tier === text);
}

const newValueOf = (input: Members): NewValue => ({
  name: input.requiredText('Name', { min: 1, max: 2048 }),
  value: input.requiredText('Value', { min: 1 }),
  type: typeOf(input),
  tier: tierOf(input),
  dataType: input.text('DataType', { max: 128 }),
  keyId: input.text('KeyId', { min: 1, max: 256 }),
  description: input.text('Description', { max: 1024 }),
  allowedPattern: input.text('AllowedPattern', { max: 1024 }),
  tags: tagsOf(input),
});

/** A parameter never goes back from the tier Advanced. */
function tierFor(wanted: NewValue, existing: Parameter | undefined): Tier {
  const size = Buffer.byteLength(wanted.value);
  const fitting: Tier = size > MAX_SIZE.Standard ? 'Advanced' : 'Standard';
  if (wanted.tier === 'Standard' && existing?.tier === 'Advanced')
    throw invalid(
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier.",
    );
  const asked = wanted.tier === 'Intelligent-Tiering' ? fitting : wanted.tier;
  const tier = existing?.tier === 'Advanced' ? 'Advanced' : (asked ?? 'Standard');
  if (size > MAX_SIZE[tier])
    throw invalid(
      `${tier} tier parameters support a maximum parameter value of ${MAX_SIZE[tier]} characters.` +
        (tier === 'Standard'
          ? ' To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.'
          : ''),
    );
  return tier;
}

function checkPattern(pattern: string | undefined, value: string): void {
  if (pattern === undefined) return;
  let matches: boolean;
  try {
    matches = new RegExp(pattern).test(value);
  } catch {
    throw new AwsFault('InvalidAllowedPatternException', `The pattern ${pattern} isn't valid.`);
  }
  if (!matches)
    throw new AwsFault(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
    );
}

function checkValue({ value, dataType, allowedPattern }: NewValue): void {
  if (/\{\{.*\}\}/s.test(value))
    throw invalid(`Parameter value can't nest another parameter. Do not use "{{}}" in the value.`);
  if (dataType !== undefined && !DATA_TYPES.includes(dataType))
    throw invalid(
      `The following data type is not supported: ${dataType} (Data type names are all lowercase.)`,
    );
  checkPattern(allowedPattern, value);
}

function typeFor(wanted: NewValue, existing: Parameter | undefined): ParameterType {
  const type = wanted.type ?? existing?.type;
  if (type === undefined) throw invalid('A parameter type is required when you create a parameter.');
  if (existing !== undefined && existing.type !== type)
    throw new AwsFault(
      'HierarchyTypeMismatchException',
      `The parameter ${wanted.name} has the type ${existing.type}, which can't be changed to ${type}.`,
    );
  return type;
}

/** The hundred youngest versions; the oldest is not dropped while a label holds it. */
function append(parameter: Parameter | undefined, added: ParameterVersion): Parameter['versions'] {
  if (parameter === undefined) return [added];
  const [oldest, second, ...rest] = parameter.versions;
  if (parameter.versions.length < MAX_VERSIONS || second === undefined)
    return [oldest, ...parameter.versions.slice(1), added];
  if (oldest.labels.size > 0)
    throw new AwsFault(
      'ParameterMaxVersionLimitExceeded',
      `You attempted to create a new version of ${parameter.name} by calling the PutParameter API with the overwrite flag. Version ${oldest.version}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
    );
  return [second, ...rest, added];
}

/** Every write makes a version, also one with the value that is already there. */
export function write(store: Store, wanted: NewValue): Parameter {
  const existing = store.parameters.get(wanted.name);
  checkName(store, wanted.name);
  checkValue(wanted);
  checkTagCount(wanted.tags);
  if (existing === undefined && store.parameters.size >= store.maxParameters)
    throw new AwsFault('ParameterLimitExceeded', `The quota is ${store.maxParameters} parameters.`);
  const type = typeFor(wanted, existing);
  const version = {
    version: existing === undefined ? 1 : latest(existing).version + 1,
    value: wanted.value,
    modifiedAt: store.context.clock.now(),
    labels: new Set<string>(),
  };
  const parameter = {
    name: wanted.name,
    type,
    tier: tierFor(wanted, existing),
    dataType: wanted.dataType ?? existing?.dataType ?? 'text',
    keyId: type === 'SecureString' ? (wanted.keyId ?? existing?.keyId ?? 'alias/aws/ssm') : undefined,
    description: wanted.description ?? existing?.description,
    allowedPattern: wanted.allowedPattern ?? existing?.allowedPattern,
    tags: existing?.tags ?? wanted.tags,
    versions: append(existing, version),
  };
  store.parameters.set(parameter.name, parameter);
  return parameter;
}

function put(store: Store, input: Members): Parameter {
  const wanted = newValueOf(input);
  const overwrite = input.flag('Overwrite');
  if (overwrite && wanted.tags.size > 0)
    throw invalid(
      "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
    );
  if (!overwrite && store.parameters.has(wanted.name))
    throw new AwsFault(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    );
  return write(store, wanted);
}

export function writeOperations(store: Store) {
  return {
    PutParameter(json: Json) {
      const parameter = put(store, members(json, 'ValidationException'));
      return { Version: latest(parameter).version, Tier: parameter.tier };
    },

    DeleteParameter(json: Json) {
      const input = members(json, 'ValidationException');
      if (!store.parameters.delete(input.requiredText('Name', { min: 1, max: 2048 })))
        throw parameterNotFound();
      return {};
    },

    DeleteParameters(json: Json) {
      const input = members(json, 'ValidationException');
      const names = input.requiredTexts('Names', { min: 1, max: 10 }, { min: 1, max: 2048 });
      const results = names.map((name) => ({ name, deleted: store.parameters.delete(name) }));
      return {
        DeletedParameters: results.flatMap(({ name, deleted }) => (deleted ? [name] : [])),
        InvalidParameters: results.flatMap(({ name, deleted }) => (deleted ? [] : [name])),
      };
    },
  };
}
