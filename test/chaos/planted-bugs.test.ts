import assert from 'node:assert/strict';
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { CloudWriter, Publisher } from '../../controller/reconcile/ports.ts';
import type { Bundle, TargetFile } from '../../controller/state/targets.ts';
import {
  DeleteServiceCommand,
  ServiceDiscoveryClient,
  UntagResourceCommand,
} from '@aws-sdk/client-servicediscovery';
import { clientConfig } from '../support/sandbox.ts';
import type { PlantedBugs } from './controller.ts';
import { simulate } from './simulation.ts';

/** Publishes other files than it was given. */
const publishing =
  (spoil: (bundle: Bundle, count: number) => Bundle) =>
  (real: Publisher): Publisher => {
    let count = 0;
    return {
      ...real,
      publish(bundle, signal) {
        count += 1;
        return real.publish(spoil(bundle, count), signal);
      },
    };
  };

const withFiles = (bundle: Bundle, change: (file: TargetFile) => TargetFile): Bundle => ({
  ...bundle,
  targetFiles: new Map([...bundle.targetFiles].map(([path, file]) => [path, change(file)])),
});

/** As those do that write an empty list when a list of tasks failed. */
const emptyInsteadOfKept = publishing((bundle) =>
  withFiles(bundle, (file) => (file.kind === 'keep' ? { kind: 'write', text: '[]\n' } : file)),
);
const forgetsOneTarget = publishing((bundle) =>
  withFiles(bundle, (file) => (file.kind === 'write' ? { ...file, text: withoutFirst(file.text) } : file)),
);
/** As those do that freeze when something was wrong once. */
const neverWritesAgain = publishing((bundle, count) =>
  count < 10 ? bundle : withFiles(bundle, () => ({ kind: 'keep' })),
);
const losesHosts = publishing((bundle) =>
  withFiles(bundle, (file) =>
    file.kind === 'write' ? { ...file, text: file.text.replaceAll(/"\d+\.\d+\.\d+\.\d+:/g, '":') } : file,
  ),
);

function withoutFirst(text: string): string {
  const groups: unknown = JSON.parse(text);
  return JSON.stringify(Array.isArray(groups) ? groups.slice(1) : groups);
}

/** Binds a service that is bound already. */
const bindsTwice: PlantedBugs['writer'] = (real, world): CloudWriter => ({
  async apply(change, arns, signal) {
    const result = await real.apply(change, arns, signal);
    if (change.kind !== 'bindService' || result.kind !== 'applied') return result;
    const { name, clusterArn } = change.service;
    const registryArn = change.after.registryArn ?? arns.values().next().value;
    const client = new ECSClient(clientConfig(world.sandbox));
    const input = { cluster: clusterArn, service: name, serviceRegistries: [{ registryArn }] };
    await client.send(new UpdateServiceCommand(input)).catch(() => undefined);
    return result;
  },
});

/** Cleans up tags that it does not know. */
const retagsOthers: PlantedBugs['writer'] = (real, world): CloudWriter => ({
  async apply(change, arns, signal) {
    const result = await real.apply(change, arns, signal);
    if (change.kind !== 'createRegistry' || result.kind !== 'applied') return result;
    const client = new ServiceDiscoveryClient(clientConfig(world.sandbox));
    const input = { ResourceARN: result.registryArn, TagKeys: ['team'] };
    await client.send(new UntagResourceCommand(input)).catch(() => undefined);
    return result;
  },
});

/** Deletes a registry that another team made. */
const deletesForeign: PlantedBugs['writer'] = (real, world): CloudWriter => ({
  async apply(change, arns, signal) {
    const [Id] = world.sandbox.cloudMap.idsOf('apps/legacy');
    const client = new ServiceDiscoveryClient(clientConfig(world.sandbox));
    await client.send(new DeleteServiceCommand({ Id })).catch(() => undefined);
    return real.apply(change, arns, signal);
  },
});

const BUGS: readonly (readonly [what: string, bugs: PlantedBugs, rule: RegExp])[] = [
  ['a publisher that writes an empty list when nothing is known', { publisher: emptyInsteadOfKept }, /^1 /],
  ['a publisher that forgets one target of each job', { publisher: forgetsOneTarget }, /^[12] /],
  ['a publisher that stops to write', { publisher: neverWritesAgain }, /^[26] /],
  ['a publisher that loses the hosts of targets', { publisher: losesHosts }, /^3 /],
  ['a writer that binds twice', { writer: bindsTwice }, /^5 /],
  ['a writer that removes tags of others', { writer: retagsOthers }, /^4 /],
  ['a writer that deletes what others made', { writer: deletesForeign }, /^10 /],
];

describe('the oracle of the simulation', function () {
  this.timeout(60_000);

  for (const [what, bugs, rule] of BUGS)
    it(`notices ${what}`, async () => {
      const { violations } = await simulate({ seed: 1, cycles: 160, bugs });
      assert.match(violations[0] ?? 'nothing', rule);
    });
});
