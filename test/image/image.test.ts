import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { link, mkdir, mkdtemp, readFile, rm, stat, chmod, copyFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { startSandbox } from '../../controller/sandbox/server.ts';
import { prometheusForEcs } from '../../controller/sandbox/scenarios/prometheus-for-ecs.ts';
import { requirePrometheus } from '../support/prometheus.ts';
import { buildImage } from './build-image.ts';
import type { Image } from './build-image.ts';
import { newVolume, outcomeOf, start, whyNoContainers } from './container.ts';

const run = promisify(execFile);
const MINUTES = 60_000;

/** The packages that `npm ci` of this checkout has put into npm's cache. */
const OFFLINE = {
  ...stringsOf(process.env),
  npm_config_offline: 'true',
  npm_config_update_notifier: 'false',
};

function stringsOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function leaveOut(context: Mocha.Context, reason: string): never {
  process.stderr.write(`Left out: the image (${reason})\n`);
  return context.skip();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await promisify(server.close.bind(server))();
  return typeof address === 'object' && address !== null ? address.port : assert.fail();
}

describe('the image', function () {
  this.timeout(5 * MINUTES);
  let directory = '';
  let image: Image;

  before(async function () {
    const reason = await whyNoContainers();
    if (reason !== undefined) leaveOut(this, reason);
    const { promtool } = await requirePrometheus(this);
    this.timeout(5 * MINUTES);
    directory = await mkdtemp(join(tmpdir(), 'ecs-prometheus-operator-image-'));
    await chmod(directory, 0o755);
    const bases = async (name: string, root: string): Promise<void> => {
      if (!name.startsWith('prom/prometheus:')) return;
      await mkdir(join(root, 'bin'));
      await link(promtool, join(root, 'bin/promtool')).catch(() =>
        copyFile(promtool, join(root, 'bin/promtool')),
      );
    };
    const built = buildImage({ context: '.', directory, bases, env: OFFLINE });
    image = await built.catch((error: unknown) =>
      String(error).includes('ENOTCACHED')
        ? leaveOut(this, 'npm has not all packages in its cache')
        : Promise.reject(error),
    );
  });
  after(() => rm(directory, { recursive: true, force: true }));

  it('holds the program and the packages that it runs with, and nothing else', async () => {
    const { stdout } = await run('ls', ['-A', 'app'], { cwd: image.root });
    assert.deepEqual(stdout.trim().split('\n'), ['LICENSE', 'bin', 'dist', 'node_modules', 'package.json']);
    const text = await readFile(join(image.root, 'app/node_modules/.package-lock.json'), 'utf8');
    const { packages }: { packages: Record<string, { dev?: boolean }> } = JSON.parse(text);
    assert.ok('node_modules/@aws-sdk/client-ecs' in packages);
    assert.deepEqual(
      Object.entries(packages).filter(([, { dev }]) => dev === true),
      [],
    );
  });

  it('says what it is', async () => {
    const { version, license }: Record<string, string> = JSON.parse(await readFile('package.json', 'utf8'));
    const outcome = await outcomeOf(start(image, [...image.entrypoint, '--version']));
    assert.deepEqual(outcome, { code: 0, output: `scrapectl ${version}\n` });
    assert.equal(image.labels['org.opencontainers.image.licenses'], license);
  });

  it('runs as nobody, and can write nowhere but into its volume', async () => {
    const volume = await newVolume(image, '/bundle', join(directory, 'written'));
    const shell = (script: string) =>
      outcomeOf(start(image, ['sh', '-c', script], { mounts: { '/bundle': volume } }));
    assert.deepEqual(await shell('id -u; id -g'), { code: 0, output: '65534\n65534\n' });
    for (const path of ['/app/x', '/app/dist/x', '/x', '/etc/x', '/usr/x'])
      assert.match((await shell(`touch ${path}`)).output, /Read-only file system|Permission denied/);
    assert.deepEqual(await shell('touch /bundle/x'), { code: 0, output: '' });
    assert.deepEqual(image.volumes, ['/bundle']);
  });

  it('has a promtool that runs, where the program looks for it', async () => {
    const path = image.env['SCRAPECTL_PROMTOOL'] ?? '';
    assert.match((await outcomeOf(start(image, [path, '--version']))).output, /^promtool, version \d/);
  });

  it('fills an empty volume for Prometheus, is healthy while it runs, and ends on SIGTERM', async () => {
    const sandbox = await startSandbox({ scenario: prometheusForEcs });
    const volume = await newVolume(image, '/bundle', join(directory, 'bundle'));
    const env = {
      AWS_ENDPOINT_URL: sandbox.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'sandbox',
      AWS_SECRET_ACCESS_KEY: 'sandbox',
      SCRAPECTL_LISTEN: `127.0.0.1:${await freePort()}`,
      SCRAPECTL_SOURCE: '/targets',
      SCRAPECTL_LOG_FORMAT: 'json',
    };
    const mounts = { '/bundle': volume, '/targets': resolve('examples/scrape-targets') };
    const healthCheck = () => outcomeOf(start(image, image.healthCheck, { env }));
    const controller = start(image, [...image.entrypoint, ...image.command], { env, mounts });
    try {
      const log = createInterface({ input: controller.stderr });
      for await (const line of log) if (line.includes('Wrote Prometheus files')) break;
      assert.deepEqual(await healthCheck(), { code: 0, output: '' });
      const file = join(volume, 'prometheus.yml');
      assert.match(await readFile(file, 'utf8'), /job_name: webapp\/metrics/);
      assert.equal((await stat(file)).uid, 65_534);
      controller.kill('SIGTERM');
      const [code]: unknown[] = await once(controller, 'exit');
      assert.equal(code, 0);
      assert.equal((await healthCheck()).code, 1);
    } finally {
      controller.kill('SIGKILL');
      await sandbox.close();
    }
  });
});
