import { dump } from 'js-yaml';
import type { ExplainedStatement, PolicyMode, PolicyScope } from '../../aws/iam-statement.ts';
import { POLICIES, POLICY_MODES as MODES } from '../option-table.ts';
import type { Options } from '../options.ts';
import { usageError } from '../options.ts';
import { stateUri } from '../state-uri.ts';
import { wirePolicy } from '../wire.ts';
import type { Verb, VerbContext } from './verb.ts';

export const iam: Verb = {
  name: 'iam',
  usage: '--mode VERB [OPTION...]',
  help: [
    'Prints the least IAM policy for a verb with the same options: what may be read, written and deleted, limited by ARN and condition keys where IAM can. Asks nothing and changes nothing.',
    'JSON goes to standard output, and why a statement cannot be narrower to standard error; with -o yaml, which CloudFormation reads, these are comments.',
    'Name the account, the region and each cluster: what is not named is allowed everywhere.',
  ],
  examples: [
    'scrapectl iam --mode run --source s3://my-bucket/targets/ --cluster prod --account 123456789012 --region eu-west-1',
    'scrapectl iam --mode plan --source ssm:///prometheus/targets/ -o yaml',
    'scrapectl iam --mode publish --to s3://my-bucket/targets/ --prune',
  ],
  exitCodes: [
    [0, 'printed'],
    [1, 'the command line is wrong'],
  ],
  options: [
    'mode',
    'account',
    'region',
    'cluster',
    'owner',
    'source',
    'base-config',
    'discover-namespaces',
    'discover-namespaces-parameter',
    'state',
    'lease',
    'event-log-group',
    'policy',
    'no-disruption',
    'to',
    'prune',
    'orphans',
    'config-dir',
    'output',
  ],
  outputs: ['text', 'json', 'yaml'],
  usageExitCode: 1,
  run: runIam,
};

async function runIam({ options, io }: VerbContext): Promise<number> {
  const iamPolicy = await wirePolicy();
  const statements = iamPolicy(scopeOf(options));
  if (statements.length === 0) {
    io.stderr.write('Nothing in AWS is needed with these options.\n');
    return 0;
  }
  if (options.string('output') === 'yaml') {
    io.stdout.write(asYaml(statements));
    return 0;
  }
  const policy = { Version: VERSION, Statement: statements.map(({ statement }) => statement) };
  io.stdout.write(`${JSON.stringify(policy, null, 2)}\n`);
  for (const { statement, note } of statements)
    if (note !== undefined) io.stderr.write(`${statement.Sid}: ${note}\n`);
  return 0;
}

/** Of the policy language. */
const VERSION = '2012-10-17';

function asYaml(statements: readonly ExplainedStatement[]): string {
  const items = statements.map(({ statement, note }) => {
    const lines = dump([statement], { lineWidth: 120 });
    const comment = note === undefined ? '' : `# ${note}\n`;
    return `${comment}${lines}`.replace(/^(?=.)/gm, '  ');
  });
  return `Version: '${VERSION}'\nStatement:\n${items.join('')}`;
}

function scopeOf(options: Options): PolicyScope {
  const region = options.string('region');
  const mode = modeOf(options);
  return {
    mode,
    partition: partitionOf(region ?? ''),
    region: region ?? '*',
    account: options.string('account') ?? '*',
    owner: options.string('owner') ?? '',
    clusters: options.list('cluster'),
    documents: options.list('source').length > 0 || !discovers(options),
    sources: options.list('source').filter(isInAws),
    texts: [options.string('base-config') ?? '', parameterUri(options)].filter(isInAws),
    state: [stateUri(options) ?? ''].find(isInAws),
    lease: options.string('lease'),
    eventLogGroup: options.string('event-log-group'),
    policy: POLICIES.find((policy) => policy === options.string('policy')) ?? 'sync',
    disruptive: !options.flag('no-disruption'),
    publish: mode === 'publish' ? publishOf(options) : undefined,
    orphans: options.flag('orphans'),
  };
}

function modeOf(options: Options): PolicyMode {
  const mode = MODES.find((each) => each === options.string('mode'));
  if (mode !== undefined) return mode;
  throw usageError('--mode is missing: say plan, apply, run, get, publish or import.');
}

function publishOf(options: Options): PolicyScope['publish'] {
  const to = options.string('to');
  if (to === undefined) throw usageError('--to is missing: say where to publish, as with scrapectl publish.');
  return { to, prune: options.flag('prune') };
}

const discovers = (options: Options): boolean =>
  options.list('discover-namespaces').length > 0 ||
  options.string('discover-namespaces-parameter') !== undefined;

const isInAws = (uri: string): boolean => /^(?:s3|ssm):\/\//.test(uri);

function parameterUri(options: Options): string {
  const name = options.string('discover-namespaces-parameter');
  return name === undefined ? '' : `ssm://${name}`;
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
