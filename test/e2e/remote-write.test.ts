import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PrometheusProcess } from '../../controller/prometheus/process.ts';
import { containersOf, deployed, environmentOf, wordsOf } from '../deploy/template.ts';
import { leaveOut, PROMETHEUS_VERSIONS, startPrometheus } from '../support/prometheus.ts';
import { scrapectl, useAwsEnvironment } from '../support/scrapectl.ts';
import type { Fields } from '../deploy/template.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import { startRoleCredentials, startSigningProxy, startWorkspace } from '../support/workspace.ts';
import type { Workspace } from '../support/workspace.ts';
import { eventually, query, samples, startScene } from './scene.ts';
import type { InstalledPrometheus } from '../support/install-prometheus.ts';

const REGION = 'us-east-1';
const CREDENTIALS = {
  accessKeyId: 'ASIATASKROLE',
  secretAccessKey: 'the secret of the task role',
  sessionToken: 'the+session/token=',
};
const OTHERS = { ...CREDENTIALS, secretAccessKey: 'the secret of somebody else' };

/** Goes on with the last entry of the base configuration: nobody here wants to wait five seconds for a batch. */
const SEND_AT_ONCE = '    queue_config: { batch_send_deadline: 100ms }\n';

/** Builds that leave out what signs, and the `headers` of remote_write with it. */
const UNSIGNED = /^2\.42\.0\+ds/;

type Signer = 'Prometheus' | 'sidecar' | 'nobody';

interface Sending {
  readonly receiver: PrometheusProcess;
  readonly workspace: Workspace;
}

for (const [version, get] of PROMETHEUS_VERSIONS)
  describe(`remote write from Prometheus ${version}`, function () {
    this.timeout(90_000);
    useAwsEnvironment({
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: undefined,
    });
    const directory = useTemporaryDirectory();
    let installed: InstalledPrometheus;
    const open: (() => Promise<void>)[] = [];

    before(async function () {
      installed = await get(this);
    });
    /** What tells each program in a container of ECS where the credentials of the task role are. */
    beforeEach(async () => {
      const role = await startRoleCredentials(CREDENTIALS);
      opened(role, () => role.close());
      process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = `${role.url}/credentials`;
    });
    afterEach(async () => {
      for (const close of open.splice(0).toReversed()) await close();
    });
    const opened = <T extends object>(thing: T, close: () => Promise<void>): T => {
      open.push(close);
      return thing;
    };

    /** Another Prometheus, which scrapes nothing. */
    async function startReceiver(): Promise<PrometheusProcess> {
      const home = join(directory(), 'receiver');
      await mkdir(home);
      const configFile = join(home, 'prometheus.yml');
      await writeFile(configFile, '');
      const flags = ['--web.enable-remote-write-receiver'];
      const binary = installed.prometheus;
      const receiver = await startPrometheus({ binary, configFile, dataDir: join(home, 'data'), flags });
      return opened(receiver, () => receiver.stop());
    }

    /**
     * What the template deploys, with a receiver in place of the workspace: its base configuration, expanded with the
     * variables that it allows, and its sidecar.
     */
    async function startSending(signer: Signer, credentials = CREDENTIALS): Promise<Sending> {
      const receiver = await startReceiver();
      const workspace = await startWorkspace({ receiver: receiver.url, region: REGION, credentials });
      opened(workspace, () => workspace.close());
      const SigningProxy = String(signer !== 'Prometheus');
      const resources = await deployed('operator.yaml', { WorkspaceId: 'ws-1', SigningProxy });
      const all = containersOf(resources.get('TaskDefinition'));
      const target = new URL(environmentOf(all.get('controller')).get('REMOTE_WRITE_URL') ?? '');
      const proxy = signer === 'sidecar' ? await startSidecar(all, workspace) : workspace;
      const scene = await startScene(directory(), installed.prometheus);
      opened(scene, () => scene.close());
      const base = join(directory(), 'base.yml');
      const text = String(resources.get('BaseConfig')?.['Value']);
      await writeFile(base, text.replace('scrape_interval: 30s', 'scrape_interval: 1s') + SEND_AT_ONCE);
      const { code, stdout } = await scrapectl(
        [
          'apply',
          ...scene.options,
          '--base-config',
          base,
          ...allowedVariables(all),
          '--poll-interval',
          '100ms',
        ],
        { env: { AWS_REGION: REGION, REMOTE_WRITE_URL: proxy.url + target.pathname } },
      );
      assert.equal(code, 0, stdout);
      return { receiver, workspace };
    }

    async function startSidecar(containers: ReadonlyMap<string, Fields>, { url }: Workspace) {
      const words = wordsOf(containers.get('sigv4-proxy'));
      const proxy = await startSigningProxy([...words, '--host', new URL(url).host, '--port', '127.0.0.1:0']);
      return opened(proxy, () => proxy.close());
    }

    for (const signer of ['Prometheus', 'sidecar'] as const)
      describe(`signed by ${signer}`, () => {
        before(function () {
          if (signer === 'Prometheus' && UNSIGNED.test(installed.version))
            leaveOut(
              this,
              `Prometheus ${installed.version} of Debian sends unsigned what it was told to sign`,
            );
        });

        it('brings samples with the labels of their tasks', async () => {
          const { receiver, workspace } = await startSending(signer);
          const up = await samples(receiver.url, 'up{taskdefinition!=""}', 4);
          const labels = up.map(({ metric: { cluster, service, taskdefinition } }) =>
            [cluster, service, taskdefinition].join(' '),
          );
          assert.deepEqual(labels.toSorted(), [
            'ecs-prometheus-cluster NodeExporterService NodeExporterTask',
            'ecs-prometheus-cluster NodeExporterService NodeExporterTask',
            'ecs-prometheus-cluster WebAppService WebAppTask',
            'ecs-prometheus-cluster WebAppService WebAppTask',
          ]);
          const byService = 'count by (cluster, service, taskdefinition) (http_requests_total)';
          const [requests] = await samples(receiver.url, byService, 1);
          assert.deepEqual(requests?.metric, {
            cluster: 'ecs-prometheus-cluster',
            service: 'WebAppService',
            taskdefinition: 'WebAppTask',
          });
          assert.deepEqual(workspace.refused, []);
          assert.match(workspace.accepted[0] ?? '', /^Prometheus\//);
        });

        it('brings nothing when the secret is another', async () => {
          await bringsNothing(await startSending(signer, OTHERS), /does not match the signature/);
        });
      });

    it('brings nothing when nobody signs', async () => {
      await bringsNothing(await startSending('nobody'), /^Missing Authentication Token$/);
    });
  });

async function bringsNothing({ receiver, workspace }: Sending, because: RegExp): Promise<void> {
  const refusal = await eventually(async () => workspace.refused[0]);
  assert.match(refusal, because);
  assert.deepEqual(workspace.accepted, []);
  assert.deepEqual(await query(receiver.url, '{__name__=~".+"}'), []);
}

/** The variables that the base configuration may name, as the template allows them. */
function allowedVariables(containers: ReadonlyMap<string, Fields>): readonly string[] {
  const words = wordsOf(containers.get('controller'));
  return words.flatMap((word, index) =>
    words[index - 1] === '--base-config-env' ? ['--base-config-env', word] : [],
  );
}
