import { createHash } from 'node:crypto';
import type { Json, Members } from '../members.ts';
import { members } from '../members.ts';
import { pageOf, type Page } from '../paging.ts';
import { AwsFault } from '../service.ts';
import { filtersOf, matches } from './filters.ts';
import { checkPath } from './names.ts';
import {
  arnOf,
  isBelow,
  latest,
  parameterNotFound,
  sortedByName,
  type Parameter,
  type ParameterVersion,
  type Store,
} from './store.ts';

export const epochSeconds = (ms: number): number => ms / 1000;

/** What a reader sees who does not ask for decryption: base64 that looks like an answer of KMS and hides the value. */
function ciphertext(name: string, value: string): string {
  const digest = createHash('sha512').update(`${name}\0${value}`).digest();
  return `AQICAH${digest.toString('base64')}`;
}

const valueOf = (parameter: Parameter, version: ParameterVersion, decrypt: boolean): string =>
  parameter.type === 'SecureString' && !decrypt ? ciphertext(parameter.name, version.value) : version.value;

const viewOf = (store: Store, parameter: Parameter, version: ParameterVersion, decrypt: boolean) => ({
  Name: parameter.name,
  Type: parameter.type,
  Value: valueOf(parameter, version, decrypt),
  Version: version.version,
  LastModifiedDate: epochSeconds(version.modifiedAt),
  ARN: arnOf(store, parameter.name),
  DataType: parameter.dataType,
});

interface Selected {
  readonly parameter: Parameter;
  readonly version: ParameterVersion;
  /** The `:version` or `:label` that was asked for. */
  readonly selector: string | undefined;
}

/** Finds `name`, `name:3`, `name:label` or an ARN in their place. */
function select(store: Store, wanted: string): Selected {
  const prefix = arnOf(store, '/');
  const local = wanted.startsWith(prefix) ? wanted.slice(prefix.length - 1) : wanted;
  const [name = '', selector] = local.split(':');
  const bare = name.slice(1);
  const parameter = store.parameters.get(name) ?? (local === wanted ? undefined : store.parameters.get(bare));
  if (parameter === undefined) throw parameterNotFound();
  if (selector === undefined) return { parameter, version: latest(parameter), selector: undefined };
  const version = parameter.versions.find(
    (each) => String(each.version) === selector || each.labels.has(selector),
  );
  if (version === undefined)
    throw new AwsFault(
      'ParameterVersionNotFound',
      `Systems Manager could not find version ${selector} of ${name}. Verify the version and try again.`,
    );
  return { parameter, version, selector: `:${selector}` };
}

function trySelect(store: Store, wanted: string): Selected | undefined {
  try {
    return select(store, wanted);
  } catch (thrown) {
    if (thrown instanceof AwsFault) return undefined;
    throw thrown;
  }
}

const selectedView = (store: Store, selected: Selected, decrypt: boolean) => ({
  ...viewOf(store, selected.parameter, selected.version, decrypt),
  Selector: selected.selector,
});

function page<T>(input: Members, max: number, items: readonly T[], key: (item: T) => string): Page<T> {
  const request = {
    maxResults: input.integer('MaxResults', { min: 1, max }) ?? max,
    token: input.text('NextToken'),
  };
  return pageOf(
    items,
    key,
    request,
    () => new AwsFault('InvalidNextToken', 'The specified token is not valid.'),
  );
}

const nextToken = (page: Page<unknown>): { NextToken?: string } =>
  page.nextToken === undefined ? {} : { NextToken: page.nextToken };

function byPath(store: Store, input: Members) {
  const path = input.requiredText('Path', { min: 1, max: 2048 });
  const recursive = input.flag('Recursive');
  const decrypt = input.flag('WithDecryption');
  const filters = filtersOf(input, ['Type', 'KeyId', 'Label']);
  checkPath(path);
  const below = sortedByName(store).filter(
    (parameter) => isBelow(parameter.name, path, recursive) && matches(filters, parameter),
  );
  const result = page(input, 10, below, ({ name }) => name);
  return {
    Parameters: result.items.map((parameter) => viewOf(store, parameter, latest(parameter), decrypt)),
    ...nextToken(result),
  };
}

function several(store: Store, input: Members) {
  const names = input.requiredTexts('Names', { min: 1, max: 10 }, { min: 1, max: 2048 });
  const decrypt = input.flag('WithDecryption');
  const found = names.map((name) => ({ name, selected: trySelect(store, name) }));
  const byName = (a: Selected, b: Selected) => (a.parameter.name < b.parameter.name ? -1 : 1);
  return {
    Parameters: found
      .flatMap(({ selected }) => selected ?? [])
      .sort(byName)
      .map((selected) => selectedView(store, selected, decrypt)),
    InvalidParameters: found.flatMap(({ name, selected }) => (selected === undefined ? [name] : [])),
  };
}

const metadataOf = (store: Store, parameter: Parameter) => ({
  Name: parameter.name,
  ARN: arnOf(store, parameter.name),
  Type: parameter.type,
  KeyId: parameter.keyId,
  LastModifiedDate: epochSeconds(latest(parameter).modifiedAt),
  LastModifiedUser: `arn:aws:iam::${store.context.account}:root`,
  Description: parameter.description,
  AllowedPattern: parameter.allowedPattern,
  Version: latest(parameter).version,
  Tier: parameter.tier,
  Policies: [],
  DataType: parameter.dataType,
});

const DESCRIBE_FILTERS = ['Name', 'Path', 'Type', 'KeyId', 'Label', 'Tier', 'DataType'];

export function readOperations(store: Store) {
  return {
    GetParameter(json: Json) {
      const input = members(json, 'ValidationException');
      const selected = select(store, input.requiredText('Name', { min: 1, max: 2048 }));
      return { Parameter: selectedView(store, selected, input.flag('WithDecryption')) };
    },

    GetParameters: (json: Json) => several(store, members(json, 'ValidationException')),

    GetParametersByPath: (json: Json) => byPath(store, members(json, 'ValidationException')),

    DescribeParameters(json: Json) {
      const input = members(json, 'ValidationException');
      const filters = filtersOf(input, DESCRIBE_FILTERS);
      const all = sortedByName(store).filter((parameter) => matches(filters, parameter));
      const result = page(input, 50, all, ({ name }) => name);
      return {
        Parameters: result.items.map((parameter) => metadataOf(store, parameter)),
        ...nextToken(result),
      };
    },

    GetParameterHistory(json: Json) {
      const input = members(json, 'ValidationException');
      const parameter = store.parameters.get(input.requiredText('Name', { min: 1, max: 2048 }));
      if (parameter === undefined) throw parameterNotFound();
      const decrypt = input.flag('WithDecryption');
      const order = ({ version }: ParameterVersion): string => String(version).padStart(12, '0');
      const result = page(input, 50, parameter.versions, order);
      return {
        Parameters: result.items.map((version) => ({
          ...metadataOf(store, parameter),
          Version: version.version,
          LastModifiedDate: epochSeconds(version.modifiedAt),
          Value: valueOf(parameter, version, decrypt),
          Labels: [...version.labels],
        })),
        ...nextToken(result),
      };
    },
  };
}
