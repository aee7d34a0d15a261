import type { Json, Members, TextRule } from '../members.ts';
import { members } from '../members.ts';
import { AwsFault } from '../service.ts';
import { attributesOf } from './instance-attributes.ts';
import { filteredPage, ID_OR_ARN, nextToken } from './lists.ts';
import type { Health, Instance, Service } from './model.ts';
import { submit } from './operations.ts';
import {
  getService,
  instanceNotFound,
  invalidInput,
  namespaceOf,
  servicesOf,
  sortedById,
  type Store,
} from './store.ts';

const INSTANCE_ID: TextRule = { min: 1, max: 64, pattern: /^[0-9a-zA-Z_/:.@-]+$/ };

function initialHealth(service: Service, attributes: Readonly<Record<string, string>>): Health {
  if (service.customHealth)
    return attributes['AWS_INIT_HEALTH_STATUS'] === 'UNHEALTHY' ? 'UNHEALTHY' : 'HEALTHY';
  return service.healthCheck === undefined ? 'UNKNOWN' : 'HEALTHY';
}

/** Registers an instance, or replaces the one with the same id. */
export function putInstance(service: Service, instance: Omit<Instance, 'health'>): void {
  service.instances.set(instance.id, { ...instance, health: initialHealth(service, instance.attributes) });
  service.revision.value += 1;
}

export function removeInstance(service: Service, instanceId: string): void {
  if (!service.instances.current.has(instanceId)) return;
  service.instances.delete(instanceId);
  service.revision.value += 1;
}

export function setHealth(service: Service, instanceId: string, health: Health): void {
  const instance = service.instances.current.get(instanceId);
  if (instance !== undefined) service.instances.set(instanceId, { ...instance, health });
}

function getInstance(service: Service, instanceId: string): Instance {
  const instance = service.instances.current.get(instanceId);
  if (instance === undefined) throw instanceNotFound(instanceId);
  return instance;
}

function checkQuotas(store: Store, service: Service): void {
  const { instancesPerNamespace, instancesPerService } = store.quotas;
  const inNamespace = servicesOf(store.services.current, service.namespaceId).reduce(
    (sum, each) => sum + each.instances.current.size,
    0,
  );
  if (service.instances.current.size >= instancesPerService || inNamespace >= instancesPerNamespace)
    throw new AwsFault(
      'ResourceLimitExceeded',
      `The quota is ${instancesPerService} instances per service and ${instancesPerNamespace} per namespace.`,
    );
}

const serviceOf = (store: Store, input: Members): Service =>
  getService(store, input.requiredText('ServiceId', ID_OR_ARN));

const workOn = (store: Store, service: Service, instanceId: string) => ({
  targets: { SERVICE: service.id, INSTANCE: instanceId },
  namespace: namespaceOf(store, service),
  key: `instance/${service.id}/${instanceId}`,
});

function register(store: Store, input: Members): string {
  const service = serviceOf(store, input);
  const id = input.requiredText('InstanceId', INSTANCE_ID);
  const creatorRequestId = input.text('CreatorRequestId', { max: 64 });
  const attributes = attributesOf(input, service, namespaceOf(store, service));
  if (!service.instances.current.has(id)) checkQuotas(store, service);
  return submit(store, {
    ...workOn(store, service, id),
    type: 'REGISTER_INSTANCE',
    apply: () =>
      putInstance(getService(store, service.arn), {
        id,
        attributes,
        creatorRequestId,
        registeredBy: store.context.account,
      }),
  });
}

function deregister(store: Store, input: Members): string {
  const service = serviceOf(store, input);
  const { id } = getInstance(service, input.requiredText('InstanceId', { max: 64 }));
  return submit(store, {
    ...workOn(store, service, id),
    type: 'DEREGISTER_INSTANCE',
    apply: () => removeInstance(getService(store, service.arn), id),
  });
}

function healthOf(store: Store, input: Members) {
  const service = serviceOf(store, input);
  const wanted = input.texts('Instances', { min: 1 }, { max: 64 });
  const instances =
    wanted === undefined
      ? sortedById(service.instances.listed)
      : sortedById(new Map(wanted.map((id) => [id, getInstance(service, id)])));
  const page = filteredPage(input, instances);
  return {
    Status: Object.fromEntries(page.items.map(({ id, health }) => [id, health])),
    ...nextToken(page),
  };
}

/** Takes effect after a while, unless the opposite is reported before; saying the same again changes nothing. */
function reportHealth(store: Store, service: Service, id: string, health: Health): void {
  const { key } = workOn(store, service, id);
  if (store.pendingHealth.get(key)?.health === health) return;
  const report = { health };
  store.pendingHealth.set(key, report);
  store.context.clock.schedule(store.healthDelayMs, () => {
    if (store.pendingHealth.get(key) !== report) return;
    store.pendingHealth.delete(key);
    setHealth(service, id, health);
  });
}

function updateCustomHealth(store: Store, input: Members): void {
  const service = serviceOf(store, input);
  const { id } = getInstance(service, input.requiredText('InstanceId', { max: 64 }));
  const status = input.requiredText('Status', { oneOf: ['HEALTHY', 'UNHEALTHY'] });
  if (!service.customHealth)
    throw new AwsFault(
      'CustomHealthNotFound',
      `The service ${service.id} has no HealthCheckCustomConfig, so its health can't be set.`,
    );
  if (status !== 'HEALTHY' && status !== 'UNHEALTHY') throw invalidInput(`The status ${status} is unknown.`);
  reportHealth(store, service, id, status);
}

export function instanceOperations(store: Store) {
  return {
    RegisterInstance: (json: Json) => ({ OperationId: register(store, members(json, 'InvalidInput')) }),

    DeregisterInstance: (json: Json) => ({ OperationId: deregister(store, members(json, 'InvalidInput')) }),

    GetInstance(json: Json) {
      const input = members(json, 'InvalidInput');
      const service = serviceOf(store, input);
      const instance = getInstance(service, input.requiredText('InstanceId', { max: 64 }));
      return {
        ResourceOwner: namespaceOf(store, service).owner,
        Instance: {
          Id: instance.id,
          CreatorRequestId: instance.creatorRequestId,
          Attributes: instance.attributes,
          CreatedByAccount: instance.registeredBy,
        },
      };
    },

    ListInstances(json: Json) {
      const input = members(json, 'InvalidInput');
      const service = serviceOf(store, input);
      const page = filteredPage(input, sortedById(service.instances.listed));
      return {
        ResourceOwner: namespaceOf(store, service).owner,
        Instances: page.items.map(({ id, attributes, registeredBy }) => ({
          Id: id,
          Attributes: attributes,
          CreatedByAccount: registeredBy,
        })),
        ...nextToken(page),
      };
    },

    GetInstancesHealthStatus: (json: Json) => healthOf(store, members(json, 'InvalidInput')),

    UpdateInstanceCustomHealthStatus(json: Json) {
      updateCustomHealth(store, members(json, 'InvalidInput'));
      return {};
    },
  };
}
