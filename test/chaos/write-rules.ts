import { createAccount, recordsIn } from './account.ts';
import type { Input } from './account.ts';
import { OWNER_TAG, SCRAPE_TARGET_TAG } from '../../controller/plan/types.ts';
import { MAX_ROLLOUTS } from './controller.ts';
import { ALL_PLACES } from './world.ts';
import type { World } from './world.ts';

export interface WriteRulesParts {
  readonly owner: string;
  readonly world: World;
  readonly now: () => number;
  /** Whether a document, also one of a moment ago, asks for changes. */
  readonly isWanted: (service: string) => boolean;
  /** Whether a document that asked for deletion may be gone. */
  readonly mayBeLeft: (service: string) => boolean;
  /** Numbers of the versions of a document that the controller may go by; empty without a document. */
  readonly versionsOf: (service: string) => readonly number[];
  readonly fail: (rule: string, message: string) => void;
  /** Whether answers about the service may have shown what is not so. */
  readonly isMisled: (service: string) => boolean;
}

/** Judges every write of the controller by what is true at the moment at which AWS gets it. */
export interface WriteRules {
  /** Before a call reaches AWS. */
  before(operation: string, input: Input, caller: string): void;
  /** After it did, whatever the controller was told. */
  after(call: Call): void;
  passEnded(): void;
  /** A controller died, with what it was told since its last pass. */
  died(): void;
  /** Somebody undid a binding by hand, which is a reason to bind again. */
  unboundByHand(service: string): void;
}

interface Call {
  readonly operation: string;
  readonly input: Input;
  readonly caller: string;
  /** Whether it had its effect. */
  readonly done: boolean;
  /** Whether the caller got a whole and true answer. */
  readonly whole: boolean;
}

interface Sent {
  readonly kind: 'bound' | 'unbound';
  /** What a controller remembers, others that run beside it do not. */
  readonly caller: string;
  readonly versions: readonly number[];
  readonly deployment: string | undefined;
  undone: boolean;
  /**
   * Whether the caller was ever told that it had its effect, and a pass has ended since, so that it is remembered. A
   * change of which nobody heard before it was rolled back cannot be told from one that never arrived.
   */
  told: 'never' | 'now' | 'kept';
}

const OUR_TAG = /^(?:ECS_)?METRICS_(?:PATH|PORT)(?:_[A-Z0-9_]+)?$/;
const isOurTag = (key: string): boolean =>
  key === OWNER_TAG || key === SCRAPE_TARGET_TAG || OUR_TAG.test(key);

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export function createWriteRules({
  owner: ours,
  world,
  now,
  isWanted,
  mayBeLeft,
  versionsOf,
  fail,
  isMisled,
}: WriteRulesParts): WriteRules {
  const sent = new Map<string, Sent>();
  const account = createAccount(world, now);
  const isRolling = (caller: string, service: string, id: string | undefined): boolean =>
    id !== undefined && account.rollingOf(caller, service)?.['id'] === id;

  const isForeign = (registryArn: unknown): boolean => {
    const id = String(registryArn).replace(/^.*\//, '');
    return world.sandbox.cloudMap
      .registries()
      .some(({ service }) => service.id === id && account.ownerOf(String(registryArn)) !== ours);
  };

  /** What is true of every change of a binding: it is for our services alone, one at a time and when nothing else runs. */
  const rolloutBefore = (input: Input, caller: string, what: string): void => {
    const service = String(input['service']);
    const strange = Object.keys(input).filter(
      (key) => !['cluster', 'service', 'serviceRegistries'].includes(key),
    );
    if (strange.length > 0)
      fail('4 nothing foreign', `UpdateService of ${service} sets ${strange.join(', ')}`);
    if (isMisled(service)) return;
    const taken = account.bindingsOf(service).find(({ registryArn }) => isForeign(registryArn));
    if (taken !== undefined && !account.isNews(caller, service))
      fail('4 nothing foreign', `${service} is taken from registry ${String(taken['registryArn'])}`);
    const rolling = account.rollingOf(caller, service);
    if (rolling !== undefined)
      fail('5 bindings do no harm', `${service} is ${what} while deployment ${String(rolling['id'])} runs`);
    const others = [...sent].filter(
      ([name, { deployment, kind, caller: sender }]) =>
        name !== service &&
        sender === caller &&
        (versionsOf(name).length > 0 || mayBeLeft(name) || kind === 'unbound') &&
        isRolling(caller, name, deployment),
    );
    if (others.length >= MAX_ROLLOUTS)
      fail(
        '5 bindings do no harm',
        `${service} is ${what} while ${others.map(([name]) => name).join(', ')} still rolls out`,
      );
    const last = sent.get(service);
    const again =
      last?.kind === what &&
      !last.undone &&
      last.told !== 'never' &&
      last.caller === caller &&
      (what === 'unbound' ||
        (last.versions.length === 1 &&
          versionsOf(service).every((number) => last.versions.includes(number))));
    if (again)
      fail(
        '5 bindings do no harm',
        `${service} is ${what} again for version ${last.versions.join(' ')}; its deployments were ${JSON.stringify(account.deploymentsOf(service).map((each) => [each['id'], each['status'], each['rolloutStateReason']]))}`,
      );
  };

  const bindingBefore = (input: Input, caller: string): void => {
    const service = String(input['service']);
    const kind = kindOf(input);
    if (kind === 'bound' && !isWanted(service))
      fail('4 nothing foreign', `service ${service} is bound without a document`);
    if (kind === 'unbound') requireLeft(service, `service ${service} is unbound`);
    rolloutBefore(input, caller, kind);
  };

  /** What a document has left behind goes only when the document said so, and is gone. */
  const requireLeft = (service: string, what: string): void => {
    if (!mayBeLeft(service)) fail('10 deletion', `${what}, but no document that is gone asked for that`);
  };

  const deletionBefore = (input: Input, caller: string): void => {
    const arn = registryArn(world, textOf(input['Id']) ?? '');
    const name = registryName(world, textOf(input['Id']) ?? '');
    const place = ALL_PLACES.find(({ service }) => name === `${service}-svc`);
    requireLeft(place?.service ?? '', `registry ${name} is deleted`);
    if (account.ownerOf(arn) !== ours)
      fail('10 deletion', `registry ${name} is deleted, but owned by ${String(account.ownerOf(arn))}`);
    const users = account.usersOf(arn).filter((user) => !account.isNews(caller, user) && !isMisled(user));
    if (users.length > 0)
      fail('10 deletion', `registry ${name} is deleted, but ${users.join(', ')} names it`);
  };

  const registryBefore = (operation: string, input: Input): void => {
    const arn = textOf(input['ResourceARN']) ?? registryArn(world, textOf(input['Id']) ?? '');
    const owner = account.ownerOf(arn);
    if (owner !== ours)
      fail('4 nothing foreign', `${operation} of registry ${arn}, which is owned by ${String(owner)}`);
    const keys = [
      ...recordsIn(input, 'Tags').map((tag) => String(tag['Key'])),
      ...[input['TagKeys'] ?? []].flat().map(String),
    ];
    const foreign = keys.filter((key) => !isOurTag(key));
    if (foreign.length > 0) fail('4 nothing foreign', `${operation} touches the tags ${foreign.join(', ')}`);
  };

  return {
    before(operation, input, caller) {
      if (operation === 'UpdateService' && 'cluster' in input) return bindingBefore(input, caller);
      if (operation === 'DeleteService') return deletionBefore(input, caller);
      if (/^(?:UpdateService|TagResource|UntagResource)$/.test(operation))
        return registryBefore(operation, input);
      if (operation === 'CreateService') {
        const known = ALL_PLACES.find(({ service }) => input['Name'] === `${service}-svc`);
        if (known === undefined || !isWanted(known.service))
          fail('4 nothing foreign', `registry ${String(input['Name'])} is created without a document`);
        return;
      }
      if (/^(?:PUT \/documents\/state\/|PutParameter$)/.test(operation)) return;
      if (!/^(?:Get|GET|HEAD|List|Describe|Discover|POST)/.test(operation))
        fail('4 nothing foreign', `${operation} is called`);
    },
    after({ operation, input, caller, done, whole }) {
      if (operation === 'DescribeServices')
        for (const service of [input['services']].flat().map((each) => textOf(each) ?? '')) {
          account.told(caller, service);
          const last = sent.get(service);
          const isThere = last !== undefined && account.primaryOf(service) === last.deployment;
          if (whole && isThere && last.caller === caller && last.told === 'never') last.told = 'now';
        }
      if (operation !== 'UpdateService' || !('cluster' in input) || !done) return;
      const service = String(input['service']);
      const kind = kindOf(input);
      sent.set(service, {
        caller,
        kind,
        versions: versionsOf(service),
        deployment: account.primaryOf(service),
        undone: false,
        told: whole ? 'now' : 'never',
      });
    },
    passEnded() {
      for (const each of sent.values()) if (each.told === 'now') each.told = 'kept';
    },
    died() {
      for (const each of sent.values()) if (each.told === 'now') each.told = 'never';
    },
    unboundByHand(service) {
      const last = sent.get(service);
      if (last !== undefined) last.undone = true;
    },
  };
}

const kindOf = (input: Input): Sent['kind'] =>
  recordsIn(input, 'serviceRegistries').length > 0 ? 'bound' : 'unbound';

const registryOf = (world: World, id: string): object =>
  Object(Reflect.get(Object(world.cloudMap('GetService', { Id: id })), 'Service'));
const registryArn = (world: World, id: string): string => String(Reflect.get(registryOf(world, id), 'Arn'));
const registryName = (world: World, id: string): string => String(Reflect.get(registryOf(world, id), 'Name'));
