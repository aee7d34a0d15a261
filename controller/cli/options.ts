import { parseArgs } from 'node:util';
import { sentence, terminal, type OperatorError } from '../errors.ts';
import { parseDuration } from '../api/duration.ts';
import { parseListenAddress } from './listen-address.ts';
import { OPTIONS, type OptionName, type OptionSpec } from './option-table.ts';

/** Parsed options: a value is present when it was given, came from the environment, or has a default. */
export interface Options {
  string(name: OptionName): string | undefined;
  list(name: OptionName): readonly string[];
  flag(name: OptionName): boolean;
  integer(name: OptionName): number | undefined;
  /** Milliseconds. */
  duration(name: OptionName): number;
  /** Values that were given, as flag or variable: no defaults. */
  given(name: OptionName): readonly string[] | undefined;
}

export interface ParsedCommand {
  readonly options: Options;
  readonly positionals: readonly string[];
  readonly help: boolean;
}

export function environmentVariable(name: OptionName): string {
  return `SCRAPECTL_${name.replaceAll('-', '_').toUpperCase()}`;
}

/** What an option may be for one verb, where that is not what it may be for the others. */
type Choices = Partial<Record<OptionName, readonly string[]>>;

/** Flag over environment over default; every value is checked before anything starts. Throws a terminal error. */
export function parseCommand(
  args: readonly string[],
  accepted: readonly OptionName[],
  env: Readonly<Record<string, string | undefined>>,
  choices: Choices = {},
): ParsedCommand {
  const raw = parseRaw(args, accepted);
  const values = new Map<OptionName, Given>();
  for (const name of raw.help ? [] : accepted) {
    const given = raw.values.get(name) ?? fromEnvironment(name, env) ?? defaultOf(name);
    if (given === undefined) continue;
    const spec = { ...OPTIONS[name], ...(choices[name] && { choices: choices[name] }) };
    for (const value of given.values) check(spec, value, given.from);
    values.set(name, given);
  }
  return { options: accessors(values), positionals: raw.positionals, help: raw.help };
}

interface Given {
  readonly values: readonly string[];
  readonly from: string;
}

const DEFAULT = 'default';

function parseRaw(
  args: readonly string[],
  accepted: readonly OptionName[],
): { values: Map<OptionName, Given>; positionals: readonly string[]; help: boolean } {
  const specs = Object.fromEntries(accepted.map((name) => [name, parseArgsSpec(OPTIONS[name])]));
  try {
    const parsed = parseArgs({
      args: [...args],
      options: { ...specs, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
      strict: true,
    });
    const values = new Map<OptionName, Given>();
    for (const name of accepted) {
      const value: unknown = Object.entries(parsed.values).find(([key]) => key === name)?.[1];
      if (value !== undefined) values.set(name, { values: [value].flat().map(String), from: `--${name}` });
    }
    return { values, positionals: parsed.positionals, help: parsed.values['help'] === true };
  } catch (thrown) {
    throw usageError(
      thrown instanceof Error ? sentence(thrown.message.split('. ')[0] ?? thrown.message) : String(thrown),
    );
  }
}

function parseArgsSpec(spec: OptionSpec): { type: 'string' | 'boolean'; multiple: boolean; short?: string } {
  return {
    type: spec.type === 'boolean' ? 'boolean' : 'string',
    multiple: spec.type === 'list',
    ...(spec.short === undefined ? {} : { short: spec.short }),
  };
}

function fromEnvironment(
  name: OptionName,
  env: Readonly<Record<string, string | undefined>>,
): Given | undefined {
  const given = variableOf(name, env);
  if (given === undefined) return undefined;
  const { variable, text } = given;
  const values =
    OPTIONS[name].type === 'list'
      ? text
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== '')
      : [text];
  return { values, from: variable };
}

/** An empty variable counts as none. */
function variableOf(
  name: OptionName,
  env: Readonly<Record<string, string | undefined>>,
): { readonly variable: string; readonly text: string } | undefined {
  const variable = environmentVariable(name);
  const text = env[variable] ?? '';
  if (text !== '') return { variable, text };
  const { sample }: OptionSpec = OPTIONS[name];
  const sampleText = sample === undefined ? '' : (env[sample.variable]?.trim() ?? '');
  if (sample === undefined || sampleText === '') return undefined;
  return { variable: sample.variable, text: sample.value?.(sampleText) ?? sampleText };
}

function defaultOf(name: OptionName): Given | undefined {
  const spec: OptionSpec = OPTIONS[name];
  return spec.default === undefined ? undefined : { values: [spec.default], from: DEFAULT };
}

function check(spec: OptionSpec, value: string, from: string): void {
  const refuse = (wanted: string): OperatorError =>
    usageError(`${from} is ${JSON.stringify(value)}, but must be ${wanted}.`);
  if (spec.choices !== undefined && !spec.choices.includes(value))
    throw refuse(`one of ${spec.choices.join(', ')}`);
  if (spec.type === 'boolean' && !['true', 'false', '1', '0'].includes(value)) throw refuse('true or false');
  if (spec.type === 'duration' && parseDuration(value) === undefined)
    throw refuse('a duration such as 30s or 5m');
  if (spec.type === 'address' && parseListenAddress(value) === undefined)
    throw refuse('HOST:PORT, such as 127.0.0.1:9400 or [::1]:9400, or off');
  if (spec.type === 'integer') {
    const { minimum = 0, maximum = 999_999_999 } = spec;
    const upper = spec.maximum === undefined ? '' : ` to ${maximum}`;
    const inRange = /^\d{1,9}$/.test(value) && Number(value) >= minimum && Number(value) <= maximum;
    if (!inRange) throw refuse(`a whole number from ${minimum}${upper}`);
  }
  if (value === '') throw usageError(`${from} is empty, but must have a value.`);
}

function accessors(values: ReadonlyMap<OptionName, Given>): Options {
  const first = (name: OptionName): string | undefined => values.get(name)?.values[0];
  return {
    string: first,
    list: (name) => values.get(name)?.values ?? [],
    flag: (name) => first(name) === 'true' || first(name) === '1',
    integer: (name) => (first(name) === undefined ? undefined : Number(first(name))),
    duration: (name) => parseDuration(first(name) ?? '') ?? 0,
    given(name) {
      const value = values.get(name);
      return value?.from === DEFAULT ? undefined : value?.values;
    },
  };
}

/** The same command, but with the values that some options had earlier; `from` tells where they stand. */
export function withEarlier(
  options: Options,
  names: readonly OptionName[],
  earlier: Readonly<Record<string, readonly string[]>>,
  from: string,
): Options {
  const values = new Map<OptionName, Given>();
  for (const name of names) {
    const known = earlier[name];
    const given = known === undefined ? defaultOf(name) : { values: known, from: `--${name} in ${from}` };
    for (const value of given?.values ?? []) check(OPTIONS[name], value, given?.from ?? from);
    if (given !== undefined) values.set(name, given);
  }
  const before = accessors(values);
  const of = (name: OptionName): Options => (names.includes(name) ? before : options);
  return {
    string: (name) => of(name).string(name),
    list: (name) => of(name).list(name),
    flag: (name) => of(name).flag(name),
    integer: (name) => of(name).integer(name),
    duration: (name) => of(name).duration(name),
    given: (name) => of(name).given(name),
  };
}

export function usageError(message: string): OperatorError {
  return terminal({ reason: 'Usage', message });
}
