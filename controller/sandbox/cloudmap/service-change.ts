import type { Members } from '../members.ts';
import type { DnsConfig, HealthCheck, Namespace, Service } from './model.ts';
import { checkHealthCheck, healthCheckOf, recordsOf } from './service-config.ts';
import { invalidInput, isShared, type Store } from './store.ts';

type ServiceChange = Pick<Service, 'description' | 'dns' | 'healthCheck'>;

/** Records that the change leaves out are deleted; the TTL of the others may change, their type may not. */
function dnsAfter(service: Service, change: Members | undefined): DnsConfig | undefined {
  if (change === undefined) return undefined;
  const records = recordsOf(change);
  const known = new Set(service.dns?.records.map((record) => record.type));
  const added = records.find((record) => !known.has(record.type));
  if (added !== undefined || service.dns === undefined)
    throw invalidInput(
      `The record type ${added?.type ?? ''} can't be added: delete the service and create it again with a new DnsConfig.`,
    );
  return { ...service.dns, records };
}

/** A health check that the change leaves out is deleted. */
function healthCheckAfter(
  service: Service,
  namespace: Namespace,
  change: Members | undefined,
): HealthCheck | undefined {
  if (change === undefined) return undefined;
  const after = healthCheckOf(change);
  checkHealthCheck(namespace, service.dns);
  if (service.customHealth)
    throw invalidInput('HealthCheckConfig and HealthCheckCustomConfig exclude each other.');
  if (service.healthCheck !== undefined && service.healthCheck.type !== after.type)
    throw invalidInput("The type of a health check can't be changed.");
  return after;
}

function checkUpdatable(store: Store, service: Service, namespace: Namespace): void {
  if (namespace.type === 'HTTP') throw invalidInput("A service in an HTTP namespace can't be updated.");
  const foreign = [...service.instances.current.values()].some(
    (instance) => instance.registeredBy !== store.context.account,
  );
  if (isShared(store, namespace) && foreign)
    throw invalidInput("A service with instances that other accounts registered can't be updated.");
}

/** What UpdateService would make of a service; name, namespace, routing policy and custom health check stay. */
export function changeOf(
  store: Store,
  service: Service,
  namespace: Namespace,
  change: Members,
): ServiceChange {
  checkUpdatable(store, service, namespace);
  return {
    description: change.text('Description', { max: 1024 }) ?? service.description,
    dns: dnsAfter(service, change.object('DnsConfig')),
    healthCheck: healthCheckAfter(service, namespace, change.object('HealthCheckConfig')),
  };
}
