import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ServiceDiscoveryClient,
  CreateServiceCommand,
  ListNamespacesCommand,
} from '@aws-sdk/client-servicediscovery';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { clientConfig } from '../support/sandbox.ts';
import { EXAMPLES, scrapectl, useAwsEnvironment, useSandbox } from '../support/scrapectl.ts';
import type { Surroundings } from '../support/scrapectl.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const BASE =
  'global: {scrape_interval: 7s}\nremote_write: [{url: "http://a", basic_auth: {password: hunter2}}]\n';

describe('a saved plan', () => {
  useAwsEnvironment();
  const sandbox = useSandbox();
  const directory = useTemporaryDirectory();
  const file = (): string => join(directory(), 'plan.json');
  const base = (): string => join(directory(), 'base.yml');
  const documents = (): string => join(directory(), 'documents');
  const poll = ['--poll-interval', '10ms'];

  beforeEach(async () => {
    await mkdir(documents());
    for (const name of ['webapp.yaml', 'node-exporter.yaml'])
      await writeFile(join(documents(), name), await readFile(join(EXAMPLES, name), 'utf8'));
    await writeFile(base(), BASE);
  });

  const common = (): string[] => [
    '--source',
    documents(),
    '--endpoint-url',
    sandbox().url,
    '--config-dir',
    join(directory(), 'out'),
    '--base-config',
    base(),
    '--owner',
    'prod',
  ];
  const save = (...args: string[]) => scrapectl(['plan', ...common(), '--out', file(), ...args]);
  const apply = (args: readonly string[] = [], surroundings: Surroundings = {}) =>
    scrapectl(['apply', file(), ...poll, ...args], surroundings);
  const writes = (): string[] =>
    sandbox()
      .recorder.calls({ kind: 'write' })
      .map(({ operation }) => operation);
  const edit = async (path: string, before: string, after: string): Promise<void> => {
    const text = await readFile(path, 'utf8');
    assert.ok(text.includes(before));
    await writeFile(path, text.replace(before, after));
  };

  async function makeRegistry(name: string): Promise<void> {
    const client = new ServiceDiscoveryClient(clientConfig(sandbox()));
    const { Namespaces = [] } = await client.send(new ListNamespacesCommand({}));
    await client.send(new CreateServiceCommand({ Name: name, NamespaceId: Namespaces[0]?.Id }));
    client.destroy();
  }

  it('is done by apply without asking, with the options it was made with', async () => {
    const planned = await save();
    assert.equal(planned.code, 0);
    assert.match(planned.stderr, /The plan is saved\. To do exactly this: scrapectl apply .*plan\.json/);
    const { code, stdout } = await apply([], { confirm: () => assert.fail('nothing was to be asked') });
    assert.equal(code, 0);
    assert.ok(stdout.startsWith(planned.stdout));
    assert.deepEqual(writes(), ['CreateService', 'CreateService', 'UpdateService', 'UpdateService']);
    assert.match(await readFile(join(directory(), 'out/prometheus.yml'), 'utf8'), /scrape_interval: 7s/);
  });

  it('is a file for its owner alone, without secrets, that follows the published schema', async () => {
    await save('--prometheus-url', 'http://me:hunter2@127.0.0.1:1');
    const text = await readFile(file(), 'utf8');
    assert.equal((await stat(file())).mode & 0o777, 0o600);
    assert.ok(!text.includes('hunter2'));
    assert.deepEqual(await readdir(directory()), ['base.yml', 'documents', 'plan.json']);
    const read = async (name: string): Promise<object> =>
      Object(JSON.parse(await readFile(`schemas/${name}`, 'utf8')));
    const ajv = new Ajv2020({ allErrors: true, strict: false });
    ajv.addSchema(await read('plan.v1.schema.json'));
    const validate = ajv.compile(await read('saved-plan.v1.schema.json'));
    assert.ok(validate(JSON.parse(text)), JSON.stringify(validate.errors));
  });

  it('wants the password again that it does not hold', async () => {
    await save('--prometheus-url', 'http://me:hunter2@127.0.0.1:1');
    const { code, stderr } = await apply();
    assert.equal(code, 1);
    assert.match(stderr, /--prometheus-url holds a password, which is never saved/);
    const given = await apply(['--prometheus-url', 'http://me:hunter2@127.0.0.1:1']);
    assert.match(given.stdout, /createRegistry .*: applied/);
  });

  const moved = async (what: RegExp): Promise<void> => {
    const before = writes().length;
    const { code, stdout, stderr } = await apply();
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, what);
    assert.match(
      stderr,
      /scrapectl apply: .*plan\.json: The world has moved .* Nothing was changed\. Make a new plan\.\n$/,
    );
    assert.equal(writes().length, before);
  };

  it('is refused when a document changed, and names it', async () => {
    await save();
    await edit(join(documents(), 'webapp.yaml'), 'ttl: 10', 'ttl: 60');
    await moved(
      /^moved {2}the document of ScrapeTarget webapp has changed\nmoved {2}createRegistry of registry ecs-services\/webapp-svc: after .*60/m,
    );
  });

  it('is refused when a document came or went', async () => {
    await save();
    await edit(join(documents(), 'webapp.yaml'), 'name: webapp\n', 'name: webapp2\n');
    await moved(/document of ScrapeTarget webapp is gone\n.*document of ScrapeTarget webapp2 is new/);
  });

  it('is refused when a secret of the base configuration changed, which the plan does not show', async () => {
    await save();
    await edit(base(), 'hunter2', 'hunter3');
    await moved(
      /the base configuration has changed\nmoved {2}something has changed that a plan does not show/,
    );
  });

  it('is refused when AWS changed', async () => {
    await save();
    await makeRegistry('webapp-svc');
    await moved(/^moved {2}createRegistry of registry ecs-services\/webapp-svc is not planned any more$/m);
  });

  it('is refused when it was done already', async () => {
    await save();
    assert.equal((await apply()).code, 0);
    await moved(
      /^moved {2}bindService of service ecs-prometheus-cluster\/WebAppService is not planned any more$/m,
    );
  });

  it('stays good when a document changed in a way that changes nothing', async () => {
    await save();
    await edit(join(documents(), 'webapp.yaml'), 'spec:', '# a remark\nspec:');
    assert.equal((await apply()).code, 0);
  });

  it('keeps its restrictions', async () => {
    await save('--no-disruption', '--only', 'webapp');
    const { code } = await apply();
    assert.equal(code, 3);
    assert.deepEqual(writes(), ['CreateService']);
  });

  it('is for one installation: another owner, account or region is refused', async () => {
    await save();
    const owner = await apply(['--owner', 'prod-eu']);
    assert.equal(owner.code, 1);
    assert.match(
      owner.stderr,
      /--owner is prod-eu here, and the plan was made with prod\. Leave the option out/,
    );
    process.env['AWS_REGION'] = 'eu-west-1';
    const region = await apply();
    assert.equal(region.code, 1);
    assert.match(
      region.stderr,
      /made for the region us-east-1, but this is eu-west-1\. Nothing was changed\. Go to that region/,
    );
    process.env['AWS_REGION'] = 'us-east-1';
    await edit(file(), '"account": "', '"account": "9');
    const account = await apply();
    assert.equal(account.code, 1);
    assert.match(account.stderr, /made for the account 9\d+, but this is \d+\./);
    assert.deepEqual(writes(), []);
  });

  it('is not read when it is damaged, of a newer format, or not there', async () => {
    const missing = await apply();
    assert.equal(missing.code, 1);
    assert.match(
      missing.stderr,
      /plan\.json: There is no saved plan to read: ENOENT.*Name the file that scrapectl plan --out wrote\./,
    );
    await save();
    const whole = await readFile(file(), 'utf8');
    for (const broken of ['', '[]', '{"formatVersion": "1.0"}', whole.slice(0, whole.length / 2)]) {
      await writeFile(file(), broken);
      const { code, stderr } = await apply();
      assert.equal(code, 1);
      assert.match(
        stderr,
        /This is not a saved plan, or it is damaged\. Nothing was changed\. Make a new one/,
      );
    }
    await writeFile(file(), whole.replace('"formatVersion": "1.0"', '"formatVersion": "2.0"'));
    assert.match(
      (await apply()).stderr,
      /format version 2\.0, which this scrapectl does not know\. Nothing was changed/,
    );
    assert.deepEqual(writes(), []);
  });

  it('is not saved when not everything could be read, and the file of before stays', async () => {
    await writeFile(join(documents(), 'bad.yaml'), 'kind: ScrapeTarget\n');
    const { code, stderr } = await save();
    assert.equal(code, 1);
    assert.match(stderr, /The plan is not whole, so it was not saved\./);
    await assert.rejects(stat(file()), { code: 'ENOENT' });
  });

  it('says where it cannot be saved, and what to do', async () => {
    const path = join(directory(), 'nowhere/plan.json');
    const { code, stderr } = await scrapectl(['plan', ...common(), '--out', path]);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /nowhere\/plan\.json: The plan cannot be saved: ENOENT.*Name a file in a directory that exists/,
    );
    const nothing = await scrapectl([
      'plan',
      '--source',
      documents(),
      '--endpoint-url',
      sandbox().url,
      '--out',
      file(),
    ]);
    assert.match(nothing.stderr, /--config-dir is missing/);
  });

  it('is one at a time', async () => {
    const { code, stderr } = await apply(['other.json']);
    assert.equal(code, 1);
    assert.match(stderr, /"other\.json" is one argument too many: apply takes one saved plan/);
  });
});
