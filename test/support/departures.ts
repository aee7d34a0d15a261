import { transient } from '../../controller/errors.ts';
import { planDepartures, type DepartureInput, type Departures } from '../../controller/plan/departures.ts';
import type { DepartureChange } from '../../controller/plan/types.ts';
import type { DesiredTarget } from '../../controller/state/desired.ts';
import type {
  ObservedNamespace,
  ObservedRegistry,
  ObservedService,
  ObservedState,
  Read,
} from '../../controller/state/observed.ts';
import type { OwnedRegistry } from '../../controller/state/owned.ts';
import { boundService, deployment } from './plans.ts';

export const arnOf = (name: string): string =>
  `arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-${name}`;

export function entry(name: string, overrides: Partial<OwnedRegistry> = {}): OwnedRegistry {
  return {
    target: name,
    registry: { namespace: 'apps', name: `${name}-svc`, id: `srv-${name}`, arn: arnOf(name) },
    service: { cluster: 'c', service: name },
    origin: 'created',
    deletionPolicy: 'Delete',
    bindingPolicy: 'Ensure',
    state: 'deleting',
    ...overrides,
  };
}

export function document(name: string, registry = `${name}-svc`, service = name): DesiredTarget {
  return {
    name,
    specHash: 'hash',
    suspended: false,
    registry: {
      namespace: 'apps',
      name: registry,
      description: undefined,
      dns: { recordType: 'A', ttl: 10, routingPolicy: 'MULTIVALUE' },
      tags: new Map(),
      adopt: false,
    },
    binding: { service: { cluster: 'c', service }, policy: 'Ensure' },
  };
}

export const registry = (name: string, owner: string | undefined): ObservedRegistry => ({
  id: `srv-${name}`,
  arn: arnOf(name),
  name: `${name}-svc`,
  description: '',
  dnsRecords: [],
  routingPolicy: undefined,
  tags: {
    kind: 'complete',
    value: owner === undefined ? {} : { 'ecs-prometheus-operator/owner': owner },
  },
});

export const complete = <T>(value: T): Read<T> => ({ kind: 'complete', value });
export const FAILED = {
  kind: 'failed',
  error: transient({ reason: 'Throttled', message: 'slow down' }),
} as const;

export const service = (
  name: string,
  registries: readonly string[],
  overrides: Partial<ObservedService> = {},
): ObservedService =>
  boundService(name, {
    serviceRegistries: registries.map((registryArn) => ({ registryArn })),
    ...overrides,
  });

export function world(
  registries: readonly ObservedRegistry[],
  services: readonly ObservedService[],
  overrides: Partial<ObservedState> = {},
  namespace: Partial<ObservedNamespace> = {},
): ObservedState {
  const apps: ObservedNamespace = {
    id: 'ns-1',
    arn: 'arn:ns-1',
    name: 'apps',
    type: 'DNS_PRIVATE',
    shared: false,
    registries: new Map(registries.map((one) => [one.name, one])),
    ...namespace,
  };
  return {
    namespaces: new Map([['apps', complete(apps)]]),
    services: new Map(services.map((one) => [`c/${one.name}`, complete(one)])),
    taskDefinitions: new Map(),
    tasks: new Map(),
    ...overrides,
  };
}

export const ROLLING = { deployments: [deployment({ rolloutState: 'IN_PROGRESS' })] };

export const planOf = (input: Partial<DepartureInput>): Departures =>
  planDepartures({
    owned: [],
    targets: [],
    uncertainty: undefined,
    observed: world([], []),
    owner: 'prod',
    limits: { maxPercent: 20, allowEmpty: true },
    ...input,
  });

export const stepsOf = (changes: readonly DepartureChange[]): readonly string[] =>
  changes.map(({ kind, waitsUntil }) => (waitsUntil === undefined ? kind : `${kind}: ${waitsUntil}`));
