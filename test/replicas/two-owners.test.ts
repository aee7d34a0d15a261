import assert from 'node:assert/strict';
import type { FaultRule } from '../../controller/sandbox/faults.ts';
import type { Scenario } from '../../controller/sandbox/scenarios/scenario.ts';
import { OWNER_TAG } from '../../controller/state/desired.ts';
import { accountOf, bareAccountOf, documentOf, type Member } from '../support/accounts.ts';
import { openStage, type AwsWrite, type Process, type Stage } from './stage.ts';

/** Every name of the one begins a name of the other. */
const OWNERS = ['prod', 'prod-eu'] as const;
type Owner = (typeof OWNERS)[number];

const suffix = (owner: Owner): string => owner.slice('prod'.length);
const ownerOf = (name: string): Owner => (name.endsWith('-eu') ? 'prod-eu' : 'prod');
const other = (owner: Owner): Owner => (owner === 'prod' ? 'prod-eu' : 'prod');
const names = (kind: string, count: number, owner: Owner): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${kind}-${index}${suffix(owner)}`);
const made = (owner: Owner) => names('shop', 43, owner);
const found = (owner: Owner) => names('found', 4, owner);
const greedy = (owner: Owner) => names('greedy', 3, owner);
const removed = (owner: Owner) => [...made(owner).slice(0, 18), ...found(owner).slice(0, 2)];

const asMembers = (list: readonly string[]): readonly Member[] =>
  list.map((name) => ({ name, tasks: 1, spec: 'deletionPolicy: Delete' }));

/** Services without anything, and some with what somebody made by hand. */
function account(): Scenario {
  const bare = bareAccountOf(asMembers(OWNERS.flatMap((owner) => [...made(owner), ...greedy(owner)])));
  const byHand = accountOf(asMembers(OWNERS.flatMap(found)));
  const [cluster] = bare.clusters ?? [];
  assert.ok(cluster !== undefined);
  return {
    ...bare,
    registries: (byHand.registries ?? []).map((registry) => ({ ...registry, tags: { team: 'shop' } })),
    taskDefinitions: [...(bare.taskDefinitions ?? []), ...(byHand.taskDefinitions ?? [])],
    clusters: [
      { ...cluster, services: [...(cluster.services ?? []), ...(byHand.clusters?.[0]?.services ?? [])] },
    ],
  };
}

function documentFor(name: string): string {
  const [member = { name }] = asMembers([name]);
  const text = documentOf(member);
  if (name.startsWith('found')) return text.replace('ttl: 10}', 'ttl: 10}, adopt: true');
  if (!name.startsWith('greedy')) return text;
  // The registry of the other one, and it would even adopt it.
  const [, index] = /(\d+)/.exec(name) ?? [];
  const theirs = `shop-4${index}${suffix(other(ownerOf(name)))}`;
  return text
    .replace(`namespace: apps, name: ${name}`, `namespace: apps, name: ${theirs}`)
    .replace('ttl: 10}', 'ttl: 10}, adopt: true');
}

const FAULTS: readonly FaultRule[] = [
  { probability: 0.05, effect: { kind: 'throttle' } },
  { probability: 0.03, effect: { kind: 'serverError' } },
  { probability: 0.02, effect: { kind: 'serverError', status: 503, when: 'after' } },
  { probability: 0.02, effect: { kind: 'reset', when: 'before' } },
  { probability: 0.02, effect: { kind: 'reset', when: 'after' } },
  { probability: 0.2, effect: { kind: 'partialPage', keep: 1, token: 'kept' } },
  { probability: 0.05, effect: { kind: 'emptyPage' } },
  { service: 'servicediscovery', probability: 0.1, effect: { kind: 'staleRead', ageMs: 2000 } },
  { service: 'ecs', probability: 0.1, effect: { kind: 'staleRead', ageMs: 2000 } },
];

const MINUTE_MS = 60_000;

describe('two installations in one namespace', function () {
  this.timeout(240_000);
  let stage: Stage;
  let wrong: string[] = [];

  /** The name of what a write changes. */
  function subjectOf({ input }: AwsWrite): string {
    const [registry = '', name = ''] = [
      [input['Id'], input['ResourceARN']],
      [input['service'], input['Name']],
    ].map((list) => list.find((each) => typeof each === 'string')?.replace(/^.*\//, ''));
    if (registry === '') return name;
    const known = stage.sandbox.cloudMap.registries().find(({ service }) => service.id === registry);
    return known?.service.name ?? registry;
  }

  beforeEach(async () => {
    wrong = [];
    stage = await openStage({
      seed: 4,
      scenario: account(),
      onWrite(write) {
        const subject = subjectOf(write);
        if (ownerOf(subject) !== write.process)
          wrong.push(`${write.process}: ${write.operation} of ${subject}`);
      },
    });
  });
  afterEach(() => stage.close());

  const put = (owner: Owner, name: string, text: string): void =>
    stage.shelf.put(`${owner}/${name}.yaml`, text);
  const argumentsOf = (owner: Owner): readonly string[] => [
    `--source=s3://documents/${owner}/`,
    `--owner=${owner}`,
    '--state=s3://documents/state/',
    '--max-rollouts=25',
    '--max-prune=100',
  ];
  const run = (owner: Owner): Process => stage.run(owner, argumentsOf(owner));
  const end = async (processes: readonly Process[]): Promise<void> => {
    for (const process of processes) process.terminate();
    await stage.until('both have ended', MINUTE_MS, () =>
      processes.every(({ exit }) => exit() !== undefined),
    );
    assert.deepEqual(
      processes.map(({ exit }) => exit()),
      processes.map(() => 0),
    );
  };
  /** Whether exactly these registries of the owner are there, tagged and bound as its documents ask. */
  const has = (owner: Owner, wanted: readonly string[], ttl: number): boolean => {
    const { registries, services } = stage.sandbox.truth();
    const own = registries.filter(({ name }) => ownerOf(name) === owner);
    const bound = services.filter(({ bindings, name }) => bindings.length > 0 && ownerOf(name) === owner);
    const isDone = (name: string): boolean => {
      const registry = own.find((each) => each.name === name);
      const service = bound.find((each) => each.name === name);
      return (
        registry?.tags[OWNER_TAG] === owner &&
        registry.ttl === ttl &&
        service?.bindings[0]?.registryArn === registry.arn &&
        service.rolloutState === 'COMPLETED'
      );
    };
    return own.length === wanted.length && bound.length === wanted.length && wanted.every(isDone);
  };
  const conflicts = ({ log }: Process): number =>
    new Set(
      log.filter((line) => line.includes('ConflictingOwner')).map((line) => /greedy-\d/.exec(line)?.[0]),
    ).size;

  it('end with exactly their own resources, and never write to those of the other', async () => {
    const all = (owner: Owner) => [...made(owner), ...found(owner)];
    const kept = (owner: Owner) => all(owner).filter((name) => !removed(owner).includes(name));
    for (const owner of OWNERS) for (const name of all(owner)) put(owner, name, documentFor(name));
    for (const fault of FAULTS) stage.sandbox.faults.add(fault);
    const creating = OWNERS.map(run);
    await stage.until('all is made and adopted', 60 * MINUTE_MS, () =>
      OWNERS.every((owner) => has(owner, all(owner), 10)),
    );
    for (const owner of OWNERS) for (const name of greedy(owner)) put(owner, name, documentFor(name));
    await stage.until('conflicts are told', 5 * MINUTE_MS, () =>
      creating.every((process) => conflicts(process) === 3),
    );
    await end(creating);

    for (const owner of OWNERS)
      for (const name of all(owner)) put(owner, name, documentFor(name).replace('ttl: 10}', 'ttl: 30}'));
    for (let tries = 0; !OWNERS.every((owner) => has(owner, all(owner), 30)); tries += 1) {
      assert.ok(tries < 5, 'apply does not get there');
      const applying = OWNERS.map((owner) => stage.apply(owner, [...argumentsOf(owner), '--yes']));
      await stage.until('both have applied', 60 * MINUTE_MS, () =>
        applying.every(({ exit }) => exit() !== undefined),
      );
    }

    for (const owner of OWNERS)
      for (const name of removed(owner)) stage.shelf.remove(`${owner}/${name}.yaml`);
    const deleting = OWNERS.map(run);
    await stage.until('what documents left behind is deleted', 120 * MINUTE_MS, () =>
      OWNERS.every((owner) => has(owner, kept(owner), 30)),
    );
    stage.sandbox.faults.clear();
    const before = stage.writes.length;
    await stage.pass(5 * MINUTE_MS);
    await end(deleting);
    assert.equal(stage.writes.length, before);
    for (const owner of OWNERS) assert.ok(has(owner, kept(owner), 30));
    assert.deepEqual(wrong, []);
  });
});
