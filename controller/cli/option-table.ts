import type { PolicyMode } from '../aws/iam-statement.ts';
import type { Policy } from '../plan/restrict-plan.ts';

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

export const POLICY_MODES = [
  'plan',
  'apply',
  'run',
  'get',
  'publish',
  'import',
] as const satisfies readonly PolicyMode[];

export const POLICIES = ['sync', 'upsert-only', 'create-only'] as const satisfies readonly Policy[];

/** Those that CloudWatch Logs knows. */
const RETENTION_DAYS =
  '1 3 5 7 14 30 60 90 120 150 180 365 400 545 731 1096 1827 2192 2557 2922 3288 3653'.split(' ');

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
  'config-file': {
    type: 'string',
    value: 'NAME',
    default: 'prometheus.yml',
    // The variable says where; that the file there is a .yaml goes without saying.
    sample: { variable: 'CONFIG_FILE_DIR', value: () => 'prometheus.yaml' },
    help: 'name of the Prometheus configuration in that directory (prometheus.yaml where the variable of the sample names the directory)',
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
  'event-log-group': {
    type: 'string',
    value: 'NAME',
    help: 'CloudWatch Logs group in which each thing that happens is kept as one event; made when it is not there',
  },
  'event-log-retention': {
    type: 'string',
    value: 'DAYS',
    default: '30',
    choices: RETENTION_DAYS,
    help: `how long a log group that is made here keeps its events: ${RETENTION_DAYS.join(', ')} days`,
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
  out: {
    type: 'string',
    value: 'FILE',
    help: 'save the plan in a file, for scrapectl apply FILE',
  },
  'no-disruption': {
    type: 'boolean',
    help: 'leave every change that makes ECS replace tasks for another time (WaitingForWindow)',
  },
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
  orphans: {
    type: 'boolean',
    help: 'show the registries of this owner that no document names',
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
    help: 'form of the output',
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
  quiet: {
    type: 'boolean',
    short: 'q',
    help: 'show of a plan only what a person must look at: what replaces tasks, deletes or is blocked, and the counts',
  },
  'no-color': { type: 'boolean', help: 'no colour (also: NO_COLOR; FORCE_COLOR asks for it)' },
  mode: {
    type: 'string',
    value: 'VERB',
    choices: POLICY_MODES,
    help: 'the verb that the policy is for: plan, apply, run, get, publish or import',
  },
  account: { type: 'string', value: 'ID', help: 'AWS account that a policy is for (default: any)' },
  lease: {
    type: 'string',
    value: 'URI',
    help: 's3://bucket/prefix/ where several controllers of one owner agree which of them writes to AWS; each feeds its own Prometheus',
  },
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
  'iam-policy': {
    type: 'string',
    value: 'FILE',
    help: 'IAM policy (JSON or YAML) that binds every caller but the access key id root',
  },
  'task-listeners': { type: 'boolean', help: 'tasks listen on loopback addresses and serve metrics' },
  listen: {
    type: 'address',
    value: 'HOST:PORT',
    default: '127.0.0.1:9400',
    help: 'where the status page (/), targets for http_sd_configs (/targets/NAME), /metrics, /healthz and /readyz are served; off for nowhere',
  },
  'targets-listen': {
    type: 'address',
    value: 'HOST:PORT',
    default: 'off',
    sample: { variable: 'SERVICE_DISCOVERY_MODE', value: targetsAddress },
    help: 'where http_sd_configs find targets: those of a ScrapeTarget at /targets/NAME, those of registries without a document at /prometheus-targets; off for nowhere. HTTP_BASED in the variable of the sample is 0.0.0.0:9001, FILE_BASED is off',
  },
} as const satisfies Record<string, OptionSpec>;

/** What the modes of the sample mean. */
function targetsAddress(mode: string): string {
  if (mode === 'FILE_BASED') return 'off';
  return mode === 'HTTP_BASED' ? '0.0.0.0:9001' : mode;
}

export type OptionName = keyof typeof OPTIONS;
