import { OWNER_TAG, SCRAPE_TARGET_TAG } from '../../controller/plan/types.ts';
import { MAX_ROLLOUTS } from './controller.ts';
import { ALL_PLACES } from './world.ts';
import type { World } from './world.ts';

type Input = Readonly<Record<string, unknown>>;

export interface WriteRulesParts {
  readonly owner: string;
  readonly world: World;
  readonly now: () => number;
  /** Whether a document, also one of a moment ago, asks for changes. */
  readonly isWanted: (service: string) => boolean;
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
  after(operation: string, input: Input, caller: string, done: boolean): void;
  /** Somebody undid a binding by hand, which is a reason to bind again. */
  unboundByHand(service: string): void;
}

interface Sent {
  /** What a controller remembers, others that run beside it do not. */
  readonly caller: string;
  readonly versions: readonly number[];
  readonly deployment: string | undefined;
  undone: boolean;
}

const OUR_TAG = /^(?:ECS_)?METRICS_(?:PATH|PORT)(?:_[A-Z0-9_]+)?$/;
const isOurTag = (key: string): boolean =>
  key === OWNER_TAG || key === SCRAPE_TARGET_TAG || OUR_TAG.test(key);

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const recordsIn = (value: unknown, member: string): readonly Input[] => {
  const list: unknown = Reflect.get(Object(value), member);
  return Array.isArray(list) ? list.map((each: unknown): Input => ({ ...Object(each) })) : [];
};

export function createWriteRules({
  owner: ours,
  world,
  now,
  isWanted,
  versionsOf,
  fail,
  isMisled,
}: WriteRulesParts): WriteRules {
  const sent = new Map<string, Sent>();
  const readAt = new Map<string, number>();

  const view = (service: string): Input => {
    const cluster = ALL_PLACES.find((place) => place.service === service)?.cluster;
    return recordsIn(world.ecs('DescribeServices', { cluster, services: [service] }), 'services')[0] ?? {};
  };
  const ownerOf = (arn: string): unknown =>
    recordsIn(world.cloudMap('ListTagsForResource', { ResourceARN: arn }), 'Tags').find(
      (tag) => tag['Key'] === OWNER_TAG,
    )?.['Value'];
  const deploymentsOf = (service: string): readonly Input[] => recordsIn(view(service), 'deployments');
  /** Nobody can know what began after the last look. */
  const isNews = (caller: string, service: string, deployment: Input | undefined): boolean =>
    Number(deployment?.['createdAt']) * 1000 >= (readAt.get(`${caller} ${service}`) ?? 0);

  const isRolling = (caller: string, service: string, id: string | undefined): boolean =>
    deploymentsOf(service).some(
      (each) => each['id'] === id && each['rolloutState'] === 'IN_PROGRESS' && !isNews(caller, service, each),
    );

  const isForeign = (registryArn: unknown): boolean => {
    const id = String(registryArn).replace(/^.*\//, '');
    return world.sandbox.cloudMap
      .registries()
      .some(({ service }) => service.id === id && ownerOf(String(registryArn)) !== ours);
  };

  const bindingBefore = (input: Input, caller: string): void => {
    const service = String(input['service']);
    const strange = Object.keys(input).filter(
      (key) => !['cluster', 'service', 'serviceRegistries'].includes(key),
    );
    if (strange.length > 0)
      fail('4 nothing foreign', `UpdateService of ${service} sets ${strange.join(', ')}`);
    if (!isWanted(service)) fail('4 nothing foreign', `service ${service} is bound without a document`);
    if (isMisled(service)) return;
    const [primary] = deploymentsOf(service);
    const taken = recordsIn(view(service), 'serviceRegistries').find(({ registryArn }) =>
      isForeign(registryArn),
    );
    if (taken !== undefined && !isNews(caller, service, primary))
      fail('4 nothing foreign', `${service} is taken from registry ${String(taken['registryArn'])}`);
    const rolling = deploymentsOf(service).find((each) => each['rolloutState'] === 'IN_PROGRESS');
    if (rolling !== undefined && !isNews(caller, service, rolling))
      fail('5 bindings do no harm', `${service} is bound while deployment ${String(rolling['id'])} runs`);
    const others = [...sent].filter(
      ([name, { deployment }]) => name !== service && isWanted(name) && isRolling(caller, name, deployment),
    );
    if (others.length >= MAX_ROLLOUTS)
      fail(
        '5 bindings do no harm',
        `${service} is bound while ${others.map(([name]) => name).join(', ')} still rolls out`,
      );
    const last = sent.get(service);
    const again =
      last !== undefined &&
      !last.undone &&
      last.caller === caller &&
      last.versions.length === 1 &&
      versionsOf(service).every((number) => last.versions.includes(number));
    if (again)
      fail(
        '5 bindings do no harm',
        `${service} is bound again for version ${last.versions.join(' ')}; its deployments were ${JSON.stringify(deploymentsOf(service).map((each) => [each['id'], each['status'], each['rolloutStateReason']]))}`,
      );
  };

  const registryBefore = (operation: string, input: Input): void => {
    const arn = textOf(input['ResourceARN']) ?? registryArn(world, textOf(input['Id']) ?? '');
    const owner = ownerOf(arn);
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
      if (/^(?:UpdateService|TagResource|UntagResource)$/.test(operation))
        return registryBefore(operation, input);
      if (operation === 'CreateService') {
        const known = ALL_PLACES.find(({ service }) => input['Name'] === `${service}-svc`);
        if (known === undefined || !isWanted(known.service))
          fail('4 nothing foreign', `registry ${String(input['Name'])} is created without a document`);
        return;
      }
      if (!/^(?:Get|GET|HEAD|List|Describe|Discover|POST)/.test(operation))
        fail('4 nothing foreign', `${operation} is called`);
    },
    after(operation, input, caller, done) {
      if (operation === 'DescribeServices')
        for (const service of [input['services']].flat())
          readAt.set(`${caller} ${textOf(service) ?? ''}`, now());
      if (operation !== 'UpdateService' || !('cluster' in input) || !done) return;
      const service = String(input['service']);
      const primary = deploymentsOf(service).find((each) => each['status'] === 'PRIMARY');
      const deployment = typeof primary?.['id'] === 'string' ? primary['id'] : undefined;
      sent.set(service, { caller, versions: versionsOf(service), deployment, undone: false });
    },
    unboundByHand(service) {
      const last = sent.get(service);
      if (last !== undefined) last.undone = true;
    },
  };
}

function registryArn(world: World, id: string): string {
  const service: unknown = Reflect.get(Object(world.cloudMap('GetService', { Id: id })), 'Service');
  return String(Reflect.get(Object(service), 'Arn'));
}
