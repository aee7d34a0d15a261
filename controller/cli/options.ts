import { parseArgs } from 'node:util';
import { sentence, terminal, type OperatorError } from '../errors.ts';
import type { Policy } from '../plan/restrict-plan.ts';
import { parseDuration } from '../api/duration.ts';
import { parseListenAddress } from './listen-address.ts';

/** One command-line option; its environment variable is always `SCRAPECTL_` and the name in upper case. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean' | 'integer' | 'duration' | 'list' | 'address';
  /** What the value stands for in `--help`. */
  readonly value?: string;
  readonly short?: string;
  readonly default?: string;
  readonly choices?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  /** Environment variable of the AWS sample that means the same; our own goes before it. */
  readonly sample?: { readonly variable: string; readonly value?: (text: string) => string };
  readonly help: string;
}

export const POLICIES = ['sync', 'upsert-only', 'create-only'] as const satisfies readonly Policy[];

export const OPTIONS = {
  source: {
    type: 'list',
    value: 'URI',
    help: 'where ScrapeTarget documents are read: a path, s3://bucket/prefix/ or ssm:///prefix/; may be repeated',
  },
  'discover-namespaces': {
    type: 'list',
    value: 'NAME[,NAME]',
    help: 'Cloud Map namespaces in which every registry with the tag METRICS_PATH or ECS_METRICS_PATH is scraped, without a document; may be repeated',
  },
  'discover-namespaces-parameter': {
    type: 'string',
    value: 'NAME',
    sample: { variable: 'DISCOVERY_NAMESPACES_PARAMETER_NAME' },
    help: 'SSM parameter that holds the names of such namespaces, separated by commas',
  },
  'sample-labels-only': {
    type: 'boolean',
    help: 'write for registries without a document only the labels of the AWS sample: not namespace and taskid',
  },
  owner: {
    type: 'string',
    value: 'ID',
    default: 'default',
    help: 'name of this installation; registries are tagged with it and only those are changed',
  },
  'config-dir': {
    type: 'string',
    value: 'DIR',
    sample: { variable: 'CONFIG_FILE_DIR' },
    help: 'directory for prometheus.yml and targets/, shared with Prometheus',
  },
  'base-config': {
    type: 'string',
    value: 'URI',
    sample: { variable: 'PROMETHEUS_CONFIG_PARAMETER_NAME', value: (name) => `ssm://${name}` },
    help: 'your own prometheus.yml that the scrape jobs are added to: a path, s3:// or ssm://',
  },
  'base-config-env': {
    type: 'list',
    value: 'NAME',
    help: 'environment variable that may replace ${NAME} in the base configuration; may be repeated',
  },
  'prometheus-url': {
    type: 'string',
    value: 'URL',
    help: 'Prometheus to reload, for example http://127.0.0.1:9090; without it nothing is reloaded',
  },
  'prometheus-version': {
    type: 'string',
    value: 'VERSION',
    help: 'version to write the configuration for, when Prometheus itself cannot be asked',
  },
  region: { type: 'string', value: 'REGION', help: 'AWS region (default: AWS_REGION or the AWS profile)' },
  'endpoint-url': {
    type: 'string',
    value: 'URL',
    help: 'AWS endpoint instead of the regional ones (default: AWS_ENDPOINT_URL)',
  },
  state: {
    type: 'string',
    value: 'URI',
    help: 'where the status that get shows is stored: s3://bucket/prefix/, ssm:///prefix/ or a directory; off for nowhere (default: .scrapectl/ below the first s3:// source, beside the first ssm:// source, or in --config-dir)',
  },
  'file-access-dir': {
    type: 'string',
    value: 'DIR',
    default: '/etc/prometheus/secrets',
    help: 'the only directory that files named in documents (certificates, passwords) may lie in',
  },
  'max-target-loss': {
    type: 'integer',
    value: 'PERCENT',
    default: '50',
    minimum: 0,
    help: 'share of all targets that may go in one pass; more is held until a second complete read confirms it, and 100 never holds anything (a controller with fewer than 10 targets never holds)',
  },
  namespace: {
    type: 'list',
    value: 'NAME',
    help: 'Cloud Map namespace to look in; may be repeated',
  },
  cluster: {
    type: 'list',
    value: 'NAME',
    help: 'ECS cluster to look in, by name or ARN; may be repeated',
  },
  service: { type: 'string', value: 'NAME', help: 'this ECS service of the cluster only' },
  'output-dir': {
    type: 'string',
    value: 'DIR',
    help: 'write one file for each document into this directory, and keep the files that are there',
  },
  force: { type: 'boolean', help: 'replace files that are there' },
  promtool: {
    type: 'string',
    value: 'PATH',
    help: 'promtool that checks the configuration before it replaces the old one (default: the one on the PATH; off: none)',
  },
  'max-rollouts': {
    type: 'integer',
    value: 'N',
    default: '1',
    minimum: 1,
    help: 'how many ECS services may replace their tasks at once because of a binding',
  },
  policy: {
    type: 'string',
    value: 'POLICY',
    default: 'sync',
    choices: POLICIES,
    help: 'what may be done to things that exist in AWS: sync (make them match), upsert-only (take nothing away) or create-only (touch nothing that exists)',
  },
  only: {
    type: 'list',
    value: 'NAME',
    help: 'change AWS for this ScrapeTarget only; may be repeated. The Prometheus files are always written whole',
  },
  'no-disruption': { type: 'boolean', help: 'leave out every change that makes ECS replace tasks' },
  yes: {
    type: 'boolean',
    short: 'y',
    help: 'do not ask before disruptive changes and deletions (asked on a terminal only)',
  },
  'rollout-timeout': {
    type: 'duration',
    value: 'DURATION',
    default: '15m',
    help: 'how long one rollout is followed before apply goes on without it',
  },
  'poll-interval': {
    type: 'duration',
    value: 'DURATION',
    default: '5s',
    help: 'time between two looks at a rollout, or at the status with --watch',
  },
  interval: {
    type: 'duration',
    value: 'DURATION',
    default: '30s',
    sample: {
      variable: 'CONFIG_RELOAD_FREQUENCY',
      value: (text) => (/^\d+$/.test(text) ? `${text}s` : text),
    },
    help: 'time between two passes, varied by 10 % so that installations do not march in step',
  },
  to: {
    type: 'string',
    value: 'URI',
    help: 'where documents are published: s3://bucket/prefix/ or ssm:///prefix/',
  },
  prune: {
    type: 'boolean',
    help: 'delete published documents that the directory does not hold any more',
  },
  'max-prune': {
    type: 'integer',
    value: 'PERCENT',
    default: '20',
    minimum: 0,
    maximum: 100,
    help: 'share of all that one run may delete; when more would go, nothing is done',
  },
  'allow-empty': { type: 'boolean', help: 'let pruning delete everything that is there' },
  tier: {
    type: 'string',
    value: 'TIER',
    default: 'standard',
    choices: ['standard', 'advanced', 'intelligent'],
    help: 'tier of SSM parameters: standard (4 KB), advanced (8 KB, charged) or intelligent (advanced where it must be)',
  },
  revision: {
    type: 'string',
    value: 'TEXT',
    help: 'revision that is stamped on what is published (default: the git commit of DIR)',
  },
  'dry-run': { type: 'boolean', help: 'only tell what would be done' },
  watch: {
    type: 'boolean',
    short: 'w',
    help: 'go on until stopped, with a row for each ScrapeTarget that changes',
  },
  'detailed-exitcode': {
    type: 'boolean',
    help: 'exit 0 when nothing would change, 2 when something would, 1 on an error',
  },
  output: {
    type: 'string',
    short: 'o',
    value: 'FORMAT',
    default: 'text',
    choices: ['text', 'json', 'yaml', 'markdown'],
    help: 'text, json, yaml or markdown; of get: text, wide, json or yaml',
  },
  'log-level': {
    type: 'string',
    value: 'LEVEL',
    default: 'info',
    choices: ['debug', 'info', 'warn', 'error'],
    help: 'debug, info, warn or error',
  },
  'log-format': {
    type: 'string',
    value: 'FORMAT',
    default: 'text',
    choices: ['text', 'json'],
    help: 'text or json; logs go to standard error',
  },
  'no-color': { type: 'boolean', help: 'no colour (also: NO_COLOR; FORCE_COLOR asks for it)' },
  once: { type: 'boolean', help: 'end after the first complete pass' },
  prometheus: {
    type: 'string',
    value: 'PATH',
    help: 'prometheus binary to start (default: the one on the PATH)',
  },
  port: {
    type: 'integer',
    value: 'PORT',
    minimum: 0,
    maximum: 65_535,
    help: 'port to listen on at 127.0.0.1 (default: a free one)',
  },
  scenario: {
    type: 'string',
    value: 'SCENARIO',
    default: 'prometheus-for-ecs',
    help: 'what the sandbox holds at the start: a YAML file, prometheus-for-ecs, or generated-10x5 (10 services of 5 tasks each)',
  },
  dir: { type: 'string', value: 'DIR', help: 'directory for the files of the demo (default: .demo)' },
  throttle: { type: 'boolean', help: 'throttle calls at the rates that AWS documents' },
  'task-listeners': { type: 'boolean', help: 'tasks listen on loopback addresses and serve metrics' },
  listen: {
    type: 'address',
    value: 'HOST:PORT',
    default: '127.0.0.1:9400',
    help: 'where /metrics, /healthz and /readyz of the controller itself are served; off for nowhere',
  },
  'targets-listen': {
    type: 'address',
    value: 'HOST:PORT',
    default: 'off',
    sample: { variable: 'SERVICE_DISCOVERY_MODE', value: targetsAddress },
    help: 'where /prometheus-targets shows the targets of registries without a document to http_sd_configs; off for nowhere. HTTP_BASED in the variable of the sample is 0.0.0.0:9001, FILE_BASED is off',
  },
} as const satisfies Record<string, OptionSpec>;

/** What the modes of the sample mean. */
function targetsAddress(mode: string): string {
  if (mode === 'FILE_BASED') return 'off';
  return mode === 'HTTP_BASED' ? '0.0.0.0:9001' : mode;
}

export type OptionName = keyof typeof OPTIONS;

/** Parsed options: a value is present when it was given, came from the environment, or has a default. */
export interface Options {
  string(name: OptionName): string | undefined;
  list(name: OptionName): readonly string[];
  flag(name: OptionName): boolean;
  integer(name: OptionName): number | undefined;
  /** Milliseconds. */
  duration(name: OptionName): number;
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
  const values = new Map<OptionName, readonly string[]>();
  for (const name of raw.help ? [] : accepted) {
    const given = raw.values.get(name) ?? fromEnvironment(name, env) ?? defaultOf(name);
    if (given === undefined) continue;
    const spec = { ...OPTIONS[name], ...(choices[name] && { choices: choices[name] }) };
    for (const value of given.values) check(spec, value, given.from);
    values.set(name, given.values);
  }
  return { options: accessors(values), positionals: raw.positionals, help: raw.help };
}

interface Given {
  readonly values: readonly string[];
  readonly from: string;
}

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
  return spec.default === undefined ? undefined : { values: [spec.default], from: 'default' };
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

function accessors(values: ReadonlyMap<OptionName, readonly string[]>): Options {
  const first = (name: OptionName): string | undefined => values.get(name)?.[0];
  return {
    string: first,
    list: (name) => values.get(name) ?? [],
    flag: (name) => first(name) === 'true' || first(name) === '1',
    integer: (name) => (first(name) === undefined ? undefined : Number(first(name))),
    duration: (name) => parseDuration(first(name) ?? '') ?? 0,
  };
}

export function usageError(message: string): OperatorError {
  return terminal({ reason: 'Usage', message });
}
