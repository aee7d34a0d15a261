import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { clientConfig } from '../support/sandbox.ts';
import { scrapectl, start } from '../support/scrapectl.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const SCENARIO = `
name: shop
clusters: [{name: shop}]
faults:
  - {operation: ListClusters, nth: 2, effect: {kind: accessDenied}}
`;

describe('scrapectl sandbox', () => {
  const directory = useTemporaryDirectory();
  const scenario = async (text: string): Promise<string> => {
    const path = join(directory(), 'shop.yaml');
    await writeFile(path, text);
    return path;
  };

  it('serves what a scenario file says, faults included, until it is stopped', async () => {
    const { code, stdout, stop } = start(['sandbox', '--scenario', await scenario(SCENARIO)]);
    await stdout.shows('AWS_SECRET_ACCESS_KEY');
    const [, url = ''] = /listens at (\S+)\. /.exec(stdout.text()) ?? [];
    const client = new ECSClient(clientConfig({ url, region: 'us-east-1' }));
    const { clusterArns } = await client.send(new ListClustersCommand({}));
    assert.deepEqual(clusterArns, ['arn:aws:ecs:us-east-1:123456789012:cluster/shop']);
    await assert.rejects(client.send(new ListClustersCommand({})), { name: 'AccessDeniedException' });
    client.destroy();
    stop.abort();
    assert.equal(await code, 0);
  });

  it('refuses what a policy file does not allow, except to root', async () => {
    const policy = join(directory(), 'policy.yaml');
    await writeFile(policy, 'Statement: {Effect: Allow, Action: "s3:*", Resource: "*"}\n');
    const { code, stdout, stop } = start(['sandbox', '--iam-policy', policy]);
    await stdout.shows('AWS_SECRET_ACCESS_KEY');
    const [, url = ''] = /listens at (\S+)\. /.exec(stdout.text()) ?? [];
    const config = clientConfig({ url, region: 'us-east-1' });
    const bound = new ECSClient(config);
    const root = new ECSClient({ ...config, credentials: { ...config.credentials, accessKeyId: 'root' } });
    await assert.rejects(bound.send(new ListClustersCommand({})), { name: 'AccessDeniedException' });
    await root.send(new ListClustersCommand({}));
    for (const client of [bound, root]) client.destroy();
    stop.abort();
    assert.equal(await code, 0);
  });

  it('does not start with a policy that it cannot read or enforce', async () => {
    const policy = join(directory(), 'policy.yaml');
    await writeFile(policy, 'Statement: [{Effect: Allow, Resource: "*"}]\n');
    for (const [file, why] of [
      [policy, /cannot be enforced: a statement without Action/],
      [join(directory(), 'none.yaml'), /none\.yaml.*cannot be read: ENOENT/],
    ] as const) {
      const { code, stderr } = await scrapectl(['sandbox', '--iam-policy', file]);
      assert.equal(code, 1);
      assert.match(stderr, why);
    }
  });

  it('does not start with a fault that cannot be, and says where it is written', async () => {
    const path = await scenario(SCENARIO.replace('accessDenied', 'denied'));
    const { code, stdout, stderr } = await scrapectl(['sandbox', '--scenario', path]);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(
      stderr,
      /^scrapectl sandbox: .*shop\.yaml: faults\[0\]\.effect: kind must be one of error, /,
    );
    const unknown = await scenario(SCENARIO.replace('ListClusters', 'ListCluster'));
    assert.match(
      (await scrapectl(['sandbox', '--scenario', unknown])).stderr,
      /shop: faults\[0\]\.operation: the sandbox has no operation ListCluster\. Did you mean ListClusters\?/,
    );
  });
});
