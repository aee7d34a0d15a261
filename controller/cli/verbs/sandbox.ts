import { quickTiming } from '../../sandbox/ecs/timing.ts';
import { startSandbox } from '../../sandbox/server.ts';
import type { Verb, VerbContext } from './verb.ts';

export const sandbox: Verb = {
  name: 'sandbox',
  usage: '[OPTION...]',
  help: [
    'Serves ECS, Cloud Map, SSM Parameter Store, S3 and STS at 127.0.0.1 until stopped. Unless --scenario says otherwise it starts with the cluster ecs-prometheus-cluster, its services WebAppService and NodeExporterService, and the namespace ecs-services.',
    'With --iam-policy it refuses what the policy does not allow, as AWS does: to try what `scrapectl iam` prints. The access key id root may do everything.',
    'A scenario file says what the account holds, and which calls fail, how and when: throttles, outages, lost answers, stale reads, lists that are not whole, answers that are wrong. docs/sandbox.md shows each.',
  ],
  examples: [
    'scrapectl sandbox --port 4566',
    'scrapectl sandbox --scenario generated-100x10 --throttle',
    'scrapectl sandbox --scenario outage.yaml',
    'scrapectl sandbox --iam-policy policy.json',
    'scrapectl plan --source examples/scrape-targets --endpoint-url http://127.0.0.1:4566',
  ],
  exitCodes: [
    [0, 'stopped by SIGTERM or SIGINT'],
    [1, 'the sandbox could not start'],
  ],
  options: ['port', 'scenario', 'iam-policy', 'task-listeners', 'throttle'],
  usageExitCode: 1,
  run: runSandbox,
};

async function runSandbox({ options, io }: VerbContext): Promise<number> {
  const { readPolicy } = await import('../../sandbox/iam/policy.ts');
  const { loadScenario } = await import('../../sandbox/scenarios/load.ts');
  const port = options.integer('port');
  const policyFile = options.string('iam-policy');
  const aws = await startSandbox({
    scenario: await loadScenario(options.string('scenario') ?? ''),
    listen: options.flag('task-listeners'),
    timing: quickTiming,
    throttling: { mode: options.flag('throttle') ? 'documented' : 'off' },
    ...(port === undefined ? {} : { port }),
    ...(policyFile === undefined ? {} : { iamPolicy: await readPolicy(policyFile) }),
  });
  const { state } = aws.listeners;
  if (state.kind === 'unavailable') io.stderr.write(`${state.reason}\n`);
  io.stdout.write(
    [
      `The sandbox listens at ${aws.url}. Stop it with Ctrl-C.`,
      'Point scrapectl, the AWS CLI or an SDK at it:',
      '',
      `  export AWS_ENDPOINT_URL=${aws.url} AWS_REGION=${aws.region}`,
      '  export AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox',
      '',
    ].join('\n'),
  );
  if (!io.signal.aborted) {
    await new Promise<void>((resolve) => {
      io.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
  await aws.close();
  return 0;
}
