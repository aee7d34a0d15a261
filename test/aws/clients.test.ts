import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createClients } from '../../controller/aws/clients.ts';

const REGION = { region: 'eu-central-1' };

describe('AWS clients', () => {
  it('are made once each', async () => {
    const clients = createClients(REGION, {});
    assert.equal(clients.ecs(), clients.ecs());
    assert.equal(await clients.s3(), await clients.s3());
    clients.close();
  });

  it('make one attempt: the budget repeats', async () => {
    const clients = createClients(REGION, {});
    assert.equal(await clients.ecs().config.maxAttempts(), 1);
    clients.close();
  });

  it('do not copy every answer for a log that nobody keeps', async () => {
    const clients = createClients(REGION, {});
    const steps = [clients.ecs(), clients.cloudMap(), await clients.s3()].flatMap((client) =>
      client.middlewareStack.identify(),
    );
    assert.ok(steps.some((step) => step.startsWith('hostHeaderMiddleware')));
    assert.deepEqual(
      steps.filter((step) => step.startsWith('loggerMiddleware')),
      [],
    );
    clients.close();
  });

  it('switch host prefixes off and path style on when the endpoint is not AWS', async () => {
    const cases: [Parameters<typeof createClients>[0], NodeJS.ProcessEnv, boolean][] = [
      [{ ...REGION, endpointUrl: 'http://127.0.0.1:1' }, {}, true],
      [REGION, { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, true],
      [REGION, { AWS_ENDPOINT_URL_S3: 'http://x', AWS_ENDPOINT_URL_SERVICEDISCOVERY: 'http://y' }, true],
      [REGION, {}, false],
    ];
    for (const [options, environment, custom] of cases) {
      const clients = createClients(options, environment);
      assert.equal(clients.cloudMap().config.disableHostPrefix, custom);
      const s3 = await clients.s3();
      assert.equal(s3.config.forcePathStyle, custom);
      clients.close();
    }
  });

  it('refuse an endpoint that is no URL, and say how to write one', () => {
    for (const endpointUrl of ['127.0.0.1:4566', 'localhost:4566', 'http://', 'ftp://x'])
      assert.throws(() => createClients({ ...REGION, endpointUrl }, {}), {
        reason: 'InvalidEndpoint',
        where: endpointUrl,
        remedy: /http:\/\/127\.0\.0\.1/,
      });
  });

  it('tell the region', async () => {
    const clients = createClients(REGION, {});
    assert.equal(await clients.region(), 'eu-central-1');
    clients.close();
  });

  describe('in a process of their own', () => {
    const run = async (script: string) => {
      const { AWS_REGION: _, AWS_DEFAULT_REGION: __, ...environment } = process.env;
      const preamble = `
        import { createRequire } from 'node:module';
        import { createAws } from './controller/aws/create-aws.ts';
        const loaded = () => Object.keys(createRequire(import.meta.url).cache)
          .flatMap((path) => /@aws-sdk.client-([a-z0-9]+)/.exec(path)?.slice(1) ?? []);
        const has = (name) => new Set(loaded()).has(name);
        const clock = { now: () => Date.UTC(2026, 0, 1), sleep: async () => {} };
      `;
      return promisify(execFile)(
        process.execPath,
        ['--import=tsx', '--input-type=module', '--eval', preamble + script],
        {
          env: { ...environment, AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' },
        },
      );
    };

    it('say what to set when there is no region, and print nothing of the SDK to stderr', async () => {
      const { stdout, stderr } = await run(`
        const aws = createAws({ clock });
        await aws.region().catch((error) => console.log(error.reason, error.remedy));
      `);
      assert.match(stdout, /RegionMissing .*AWS_REGION/);
      assert.equal(stderr, '');
    }).timeout(20_000);

    it('take the region of the AWS CLI, and any region for an endpoint of its own, when the SDK finds none', async () => {
      const { stdout } = await run(`
        const endpointUrl = 'http://127.0.0.1:1';
        console.log(await createAws({ clock, endpointUrl }).region());
        process.env.AWS_DEFAULT_REGION = 'eu-west-1';
        console.log(await createAws({ clock }).region());
        process.env.AWS_REGION = 'eu-north-1';
        console.log(await createAws({ clock, endpointUrl }).region());
      `);
      assert.equal(stdout, 'us-east-1\neu-west-1\neu-north-1\n');
    }).timeout(20_000);

    it('load S3 and SSM only when a source is read from there', async () => {
      const { stdout } = await run(`
        const aws = createAws({ clock, region: 'us-east-1', endpointUrl: 'http://127.0.0.1:1' });
        console.log(has('ecs'), has('s3'), has('ssm'));
        await aws.source('s3://docs/').read(new AbortController().signal);
        console.log(has('ecs'), has('s3'), has('ssm'));
      `);
      assert.equal(stdout, 'true false false\ntrue true false\n');
    }).timeout(20_000);
  });
});
