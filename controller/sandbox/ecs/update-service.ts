import { AwsFault } from '../service.ts';
import { checkNetwork, hostOf, requireTaskDefinition } from './create-service.ts';
import { beginDeployment } from './deployments.ts';
import { checkServiceRegistries } from './registries.ts';
import { requestSettle } from './scheduler.ts';
import { readDeploymentConfiguration, readServiceChange } from './service-input.ts';
import { invalidParameter, requireCluster, requireService } from './world.ts';
import type { Members } from '../members.ts';
import type { Service } from './model.ts';
import type { ServiceChange } from './service-input.ts';
import type { EcsWorld } from './world.ts';

/**
 * What UpdateService cannot change under another deployment controller than ECS's own. The wording of the sibling
 * messages is known; that for registries is made after them.
 */
const ECS_CONTROLLER_ONLY = [
  ['taskDefinition', 'task definition'],
  ['awsvpc', 'network parameters'],
  ['serviceRegistries', 'service registries'],
] as const;

function checkController(service: Service, change: ServiceChange): void {
  const controller = service.deploymentController;
  if (controller === 'ECS') return;
  for (const [member, subject] of ECS_CONTROLLER_ONLY) {
    if (change[member] === undefined) continue;
    const remedy =
      controller === 'CODE_DEPLOY'
        ? 'Use AWS CodeDeploy to trigger a new deployment.'
        : 'Create a new task set instead.';
    throw invalidParameter(
      `Unable to update ${subject} on services with a ${controller} deployment controller. ${remedy}`,
    );
  }
}

/** Whether the native blue/green strategies allow it is not documented; the sandbox assumes the worse. */
function checkStrategy(service: Service, change: ServiceChange): void {
  const { strategy } = service.deploymentConfiguration;
  if (change.serviceRegistries !== undefined && strategy !== 'ROLLING')
    throw invalidParameter(`Unable to update service registries on services with the ${strategy} strategy.`);
}

/** Sending the same registries again counts as a change: whether ECS compares them is not documented. */
function startsDeployment(service: Service, change: ServiceChange, next: Service, force: boolean): boolean {
  return (
    force ||
    change.serviceRegistries !== undefined ||
    next.taskDefinition !== service.taskDefinition ||
    change.awsvpc !== undefined
  );
}

/** The service as the call wants it; nothing is changed yet. */
function changedService(world: EcsWorld, service: Service, change: ServiceChange): Service {
  return {
    ...service,
    desiredCount: change.desiredCount ?? service.desiredCount,
    taskDefinition:
      change.taskDefinition === undefined
        ? service.taskDefinition
        : requireTaskDefinition(world, change.taskDefinition),
    serviceRegistries: change.serviceRegistries ?? service.serviceRegistries,
    awsvpc: change.awsvpc ?? service.awsvpc,
    propagateTags: change.propagateTags ?? service.propagateTags,
    managedTags: change.managedTags ?? service.managedTags,
    deploymentConfiguration: readDeploymentConfiguration(
      change.deploymentConfiguration,
      service.deploymentConfiguration,
    ),
  };
}

function checkDesiredCount(service: Service, change: ServiceChange): void {
  if (service.schedulingStrategy === 'DAEMON' && change.desiredCount !== undefined)
    throw invalidParameter(
      'The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again',
    );
}

export function updateService(world: EcsWorld, input: Members): Service {
  const service = requireService(requireCluster(world, input.text('cluster')), input.requiredText('service'));
  if (service.status !== 'ACTIVE') throw new AwsFault('ServiceNotActiveException', 'Service was not ACTIVE.');
  const change = readServiceChange(input);
  checkController(service, change);
  checkStrategy(service, change);
  checkDesiredCount(service, change);
  const next = changedService(world, service, change);
  checkNetwork(next.taskDefinition, next.awsvpc);
  // Also when the call is about something else: a service whose registry is gone cannot be updated any more.
  checkServiceRegistries(world, next.serviceRegistries, hostOf(next));
  const deploys = startsDeployment(service, change, next, input.flag('forceNewDeployment'));
  Object.assign(service, {
    desiredCount: next.desiredCount,
    taskDefinition: next.taskDefinition,
    serviceRegistries: next.serviceRegistries,
    awsvpc: next.awsvpc,
    propagateTags: next.propagateTags,
    managedTags: next.managedTags,
    deploymentConfiguration: next.deploymentConfiguration,
  });
  if (deploys) beginDeployment(world, service);
  requestSettle(world, service);
  return service;
}
