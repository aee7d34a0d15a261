import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseCommand } from '../../controller/cli/options.ts';
import { run as runVerb } from '../../controller/cli/verbs/run.ts';
import { expandVariables } from '../../controller/scrape/variables.ts';
import { PROMETHEUS_VERSIONS, startPrometheus } from '../support/prometheus.ts';
import type { InstalledPrometheus } from '../support/install-prometheus.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import { containersOf, deployed, environmentOf, fields, list, wordsOf } from './template.ts';
import type { Fields } from './template.ts';

const run = promisify(execFile);

const SOURCES = ['s3://my-bucket/team/targets/', 'ssm:///prometheus/targets/'] as const;
const REMOTE_WRITES = {
  'signed by Prometheus': { WorkspaceId: 'ws-1' },
  'signed by the sidecar': { WorkspaceId: 'ws-1', SigningProxy: 'true' },
  nowhere: { WorkspaceId: 'none' },
} as const;

async function containers(name: string, given: Readonly<Record<string, string>> = {}) {
  return containersOf((await deployed(name, given)).get('TaskDefinition'));
}

/** What the container would be told by its flags and variables; throws for one that `run` does not know. */
function optionsOf(controller: Fields | undefined) {
  const [verb, ...args] = wordsOf(controller);
  assert.equal(verb, 'run');
  const env = environmentOf(controller);
  const ours = [...env.keys()].filter((name) => name.startsWith('SCRAPECTL_'));
  const known = runVerb.options.map((name) => `SCRAPECTL_${name.replaceAll('-', '_').toUpperCase()}`);
  assert.deepEqual(
    ours.filter((name) => !known.includes(name)),
    [],
  );
  return parseCommand(args, runVerb.options, Object.fromEntries(env)).options;
}

describe('the task of the templates', function () {
  this.timeout(60_000);
  const directory = useTemporaryDirectory();

  it('tells the controller only what run understands, and where Prometheus is', async () => {
    for (const name of ['operator.yaml', 'minimum.yaml'])
      for (const SourceUri of SOURCES) {
        const all = await containers(name, { SourceUri });
        const options = optionsOf(all.get('controller'));
        const prometheus = wordsOf(all.get('prometheus'));
        assert.ok(prometheus.includes(`--config.file=${options.string('config-dir')}/prometheus.yml`));
        const address = prometheus.find((word) => word.startsWith('--web.listen-address=')) ?? ':9090';
        const port = address.split(':').at(-1);
        assert.equal(options.string('prometheus-url'), `http://127.0.0.1:${port}`);
        const [mapping] = list(all.get('prometheus')?.['PortMappings']).map(fields);
        assert.equal(String(mapping?.['ContainerPort']), port);
      }
  });

  it('reads the documents where they are published, and stores the status where it may', async () => {
    const optionsWith = async (SourceUri: string) =>
      optionsOf((await containers('operator.yaml', { SourceUri })).get('controller'));
    const [s3, ssm] = [await optionsWith(SOURCES[0]), await optionsWith(SOURCES[1])];
    assert.deepEqual([s3.list('source'), s3.string('state')], [[SOURCES[0]], undefined]);
    assert.deepEqual([ssm.list('source'), ssm.string('state')], [[SOURCES[1]], 'ssm:///prometheus/status/']);
  });

  it('lets one of two controllers write while a deployment runs, where documents are in S3', async () => {
    for (const name of ['operator.yaml', 'minimum.yaml']) {
      const options = optionsOf((await containers(name, { SourceUri: SOURCES[0] })).get('controller'));
      assert.equal(options.string('lease'), `${options.list('source')[0]}.scrapectl/`);
    }
    const ssm = await containers('operator.yaml', { SourceUri: SOURCES[1] });
    assert.equal(optionsOf(ssm.get('controller')).string('lease'), undefined);
  });

  it('calls the controller healthy when it answers and has written what Prometheus starts with', async () => {
    const answers = createServer(({ url }, response) => {
      response.writeHead(url === '/healthz' ? 200 : 404).end();
    }).listen(0, '127.0.0.1');
    await once(answers, 'listening');
    const { port } = answers.address() as AddressInfo;
    const check = async (name: string, at: number): Promise<number> => {
      const controller = (await containers(name)).get('controller');
      const [kind, ...command] = list(fields(controller?.['HealthCheck'])['Command']).map(String);
      assert.equal(kind, 'CMD');
      const listen = optionsOf(controller).string('listen') ?? '';
      const configDir = optionsOf(controller).string('config-dir') ?? '';
      assert.ok(
        command.some((word) => word.includes(`http://${listen}/`) && word.includes(`'${configDir}/`)),
      );
      const words = command.map((word) =>
        word.replace(listen, `127.0.0.1:${at}`).replace(`'${configDir}/`, `'${directory()}/`),
      );
      const child = run(words[0] ?? '', words.slice(1));
      return child.then(
        () => 0,
        ({ code }: { code: number }) => code,
      );
    };
    for (const name of ['operator.yaml', 'minimum.yaml']) assert.equal(await check(name, port), 1);
    await writeFile(join(directory(), 'prometheus.yml'), '');
    for (const name of ['operator.yaml', 'minimum.yaml']) assert.equal(await check(name, port), 0);
    answers.close();
    await once(answers, 'close');
    assert.equal(await check('operator.yaml', port), 1);
  });

  it('sends samples through the sidecar when there is one', async () => {
    const all = await containers('operator.yaml', REMOTE_WRITES['signed by the sidecar']);
    const proxy = wordsOf(all.get('sigv4-proxy'));
    const url = new URL(environmentOf(all.get('controller')).get('REMOTE_WRITE_URL') ?? '');
    assert.equal(proxy[proxy.indexOf('--port') + 1], url.host);
    const direct = await containers('operator.yaml', REMOTE_WRITES['signed by Prometheus']);
    const signed = new URL(environmentOf(direct.get('controller')).get('REMOTE_WRITE_URL') ?? '');
    assert.equal(proxy[proxy.indexOf('--host') + 1], signed.host);
    assert.equal(url.pathname, signed.pathname);
  });

  for (const [version, get] of PROMETHEUS_VERSIONS)
    describe(`with Prometheus ${version}`, () => {
      let installed: InstalledPrometheus;
      before(async function () {
        installed = await get(this);
      });

      it('gives Prometheus only flags that it has', async () => {
        const { stdout, stderr } = spawnSync(installed.prometheus, ['--help'], { encoding: 'utf8' });
        const flags = (stdout + stderr).matchAll(/--(?:\[no-\])?([a-z][\w.-]*)/g);
        const known = new Set([...flags].map(([, flag]) => flag));
        for (const name of ['operator.yaml', 'minimum.yaml'])
          for (const word of wordsOf((await containers(name)).get('prometheus')))
            assert.ok(known.has(/^--([\w.-]+)/.exec(word)?.[1] ?? ''), word);
      });

      // The image has 3.x, and promtool asks since 2.44.
      if (version === '3.x')
        it('asks Prometheus for its health with words that promtool has', async () => {
          const health = fields((await containers('operator.yaml')).get('prometheus')?.['HealthCheck']);
          const [kind, program, ...words] = list(health['Command']).map(String);
          assert.deepEqual([kind, program], ['CMD', '/bin/promtool']);
          const file = join(directory(), 'prometheus.yml');
          await writeFile(file, '');
          const dataDir = join(directory(), 'data');
          const prometheus = await startPrometheus({
            binary: installed.prometheus,
            configFile: file,
            dataDir,
          });
          const check = () =>
            run(
              installed.promtool,
              words.map((word) => word.replace('http://127.0.0.1:9090', prometheus.url)),
            );
          await check();
          await prometheus.stop();
          await assert.rejects(check());
        });

      for (const [how, given] of Object.entries(REMOTE_WRITES))
        it(`has a base configuration that Prometheus accepts, with samples written ${how}`, async () => {
          const resources = await deployed('operator.yaml', given);
          const controller = containersOf(resources.get('TaskDefinition')).get('controller');
          const options = optionsOf(controller);
          const env = environmentOf(controller);
          const allowed = options.list('base-config-env').map((name) => [name, env.get(name) ?? ''] as const);
          const text = expandVariables(
            String(resources.get('BaseConfig')?.['Value']),
            new Map(allowed),
            String(options.string('base-config')),
          );
          assert.match(text, new RegExp(`'${options.string('listen')}'`));
          assert.equal(/sigv4/.test(text), how === 'signed by Prometheus');
          const file = join(directory(), 'prometheus.yml');
          await writeFile(file, text);
          await run(installed.promtool, ['check', 'config', file]);
        });
    });
});
