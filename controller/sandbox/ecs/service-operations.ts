import { AwsFault } from '../service.ts';
import { describeEach, requireIds } from './clusters.ts';
import { createService } from './create-service.ts';
import { ecsPage } from './pages.ts';
import { requestSettle } from './scheduler.ts';
import { updateService } from './update-service.ts';
import { serviceView } from './views.ts';
import { arnOf, ecsInput, findService, invalidParameter, requireCluster, requireService } from './world.ts';
import type { Members } from '../members.ts';
import type { Service } from './model.ts';
import type { EcsWorld } from './world.ts';

function listServices(world: EcsWorld, input: Members) {
  const cluster = requireCluster(world, input.text('cluster'));
  const launchType = input.text('launchType');
  const strategy = input.text('schedulingStrategy');
  const management = input.text('resourceManagementType', { oneOf: ['CUSTOMER', 'ECS'] });
  const services = [...cluster.services.values()].filter(
    (service) =>
      service.status === 'ACTIVE' &&
      (management === undefined || service.resourceManagementType === management) &&
      (launchType === undefined || service.launchType === launchType) &&
      (strategy === undefined || service.schedulingStrategy === strategy),
  );
  const { items, ...next } = ecsPage(services, input, 10);
  return { serviceArns: items.map(({ arn }) => arn), ...next };
}

function deleteService(world: EcsWorld, input: Members): Service {
  const service = requireService(requireCluster(world, input.text('cluster')), input.requiredText('service'));
  if (service.status !== 'ACTIVE') throw new AwsFault('ServiceNotActiveException', 'Service was not ACTIVE.');
  if (service.desiredCount > 0 && !input.flag('force'))
    throw invalidParameter('The service cannot be stopped while it is scaled above 0.');
  service.status = 'DRAINING';
  service.desiredCount = 0;
  requestSettle(world, service);
  return service;
}

export function serviceOperations(world: EcsWorld) {
  return {
    CreateService: (raw: Record<string, unknown>) => ({
      service: serviceView(createService(world, ecsInput(raw), { start: 'rollout' }), { tags: true }),
    }),
    UpdateService: (raw: Record<string, unknown>) => ({
      service: serviceView(updateService(world, ecsInput(raw)), { tags: false }),
    }),
    DeleteService: (raw: Record<string, unknown>) => ({
      service: serviceView(deleteService(world, ecsInput(raw)), { tags: false }),
    }),
    ListServices: (raw: Record<string, unknown>) => listServices(world, ecsInput(raw)),
    DescribeServices(raw: Record<string, unknown>) {
      const input = ecsInput(raw);
      const cluster = requireCluster(world, input.text('cluster'));
      const tags = (input.texts('include') ?? []).includes('TAGS');
      const { found, failures } = describeEach(
        requireIds(input, 'services', 10),
        (reference) => findService(cluster, reference),
        (service) => serviceView(service, { tags }),
        (reference) => arnOf(world, `service/${cluster.name}/${reference}`),
      );
      return { services: found, failures };
    },
  };
}
