import { ECSClient } from '@aws-sdk/client-ecs';
import { S3Client } from '@aws-sdk/client-s3';
import { ServiceDiscoveryClient } from '@aws-sdk/client-servicediscovery';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { virtualClock } from '../../controller/sandbox/clock.ts';
import { prometheusForEcs } from '../../controller/sandbox/scenarios/prometheus-for-ecs.ts';
import { startSandbox } from '../../controller/sandbox/server.ts';
import type { VirtualClock } from '../../controller/sandbox/clock.ts';
import type { Sandbox, SandboxOptions } from '../../controller/sandbox/server.ts';

export interface TestSandbox {
  readonly sandbox: Sandbox;
  readonly clock: VirtualClock;
  readonly ecs: ECSClient;
  readonly cloudMap: ServiceDiscoveryClient;
  readonly ssm: SSMClient;
  readonly s3: S3Client;
  readonly sts: STSClient;
  /** Closes clients and server; for `afterEach`. */
  close(): Promise<void>;
}

/** What every SDK client of a sandbox needs: no real credentials, no second attempt. */
export const clientConfig = (sandbox: Pick<Sandbox, 'url' | 'region'>) => ({
  endpoint: sandbox.url,
  region: sandbox.region,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
});

/** A sandbox on a virtual clock, in the state of `prometheus-for-ecs` unless told otherwise, and unmodified SDK clients for it. */
export async function startTestSandbox(options: Omit<SandboxOptions, 'clock'> = {}): Promise<TestSandbox> {
  const clock = virtualClock();
  const sandbox = await startSandbox({ scenario: prometheusForEcs, ...options, clock });
  const config = clientConfig(sandbox);
  const clients = {
    ecs: new ECSClient(config),
    cloudMap: new ServiceDiscoveryClient({ ...config, disableHostPrefix: true }),
    ssm: new SSMClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    sts: new STSClient(config),
  };
  return {
    sandbox,
    clock,
    ...clients,
    async close() {
      for (const client of Object.values(clients)) client.destroy();
      await sandbox.close();
    },
  };
}
