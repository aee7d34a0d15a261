import { beginDeployment } from './deployments.ts';
import { checkServiceRegistries } from './registries.ts';
import { isFargate } from './placement.ts';
import { materialize, requestSettle } from './scheduler.ts';
import {
  defaultDeploymentConfiguration,
  readCapacityProviders,
  readDeploymentConfiguration,
  readServiceChange,
} from './service-input.ts';
import { readTags } from './tags.ts';
import { hasClassicLoadBalancer } from './views.ts';
import { arnOf, clientException, findTaskDefinition, invalidParameter, requireCluster } from './world.ts';
import type { Members } from '../members.ts';
import type {
  AwsvpcConfiguration,
  Cluster,
  LaunchType,
  ResourceManagementType,
  Service,
  TaskDefinition,
} from './model.ts';
import type { ServiceChange } from './service-input.ts';
import type { EcsWorld } from './world.ts';

const SERVICE_NAME = /^[a-zA-Z0-9_-]{1,255}$/;

export function requireTaskDefinition(world: EcsWorld, reference: string): TaskDefinition {
  const definition = findTaskDefinition(world, reference);
  if (definition === undefined) throw clientException('TaskDefinition not found.');
  return definition;
}

export function checkNetwork(definition: TaskDefinition, awsvpc: AwsvpcConfiguration | undefined): void {
  if (definition.networkMode === 'awsvpc' && awsvpc === undefined)
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  if (definition.networkMode !== 'awsvpc' && awsvpc !== undefined)
    throw invalidParameter(
      'Network Configuration is not valid for the given networkMode of this task definition.',
    );
}

function readLaunchType(input: Members, hasProviders: boolean): LaunchType | undefined {
  const text = input.text('launchType', { oneOf: ['EC2', 'FARGATE', 'EXTERNAL'] });
  if (text === 'FARGATE' || text === 'EXTERNAL') return text;
  return hasProviders ? undefined : 'EC2';
}

function readController(input: Members): Service['deploymentController'] {
  const type = input
    .object('deploymentController')
    ?.text('type', { oneOf: ['ECS', 'CODE_DEPLOY', 'EXTERNAL'] });
  return type === 'CODE_DEPLOY' || type === 'EXTERNAL' ? type : 'ECS';
}

function desiredCount(change: ServiceChange, scheduling: Service['schedulingStrategy']): number {
  if (scheduling === 'REPLICA') {
    if (change.desiredCount === undefined)
      throw invalidParameter('You must specify a desired count for services that use the REPLICA strategy.');
    return change.desiredCount;
  }
  if ((change.desiredCount ?? 0) > 0)
    throw invalidParameter(
      'The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again',
    );
  return 0;
}

function newService(
  world: EcsWorld,
  cluster: Cluster,
  input: Members,
  name: string,
  options: CreateServiceOptions,
): Service {
  const change = readServiceChange(input);
  const schedulingStrategy =
    input.text('schedulingStrategy', { oneOf: ['REPLICA', 'DAEMON'] }) === 'DAEMON' ? 'DAEMON' : 'REPLICA';
  const capacityProviders = readCapacityProviders(input);
  const defaults = defaultDeploymentConfiguration(schedulingStrategy);
  return {
    order: world.nextOrder(),
    arn: arnOf(world, `service/${cluster.name}/${name}`),
    name,
    cluster,
    createdAt: world.context.clock.now(),
    clientToken: input.text('clientToken', { max: 36 }),
    launchType: readLaunchType(input, capacityProviders.length > 0),
    capacityProviders,
    schedulingStrategy,
    resourceManagementType: options.resourceManagementType ?? 'CUSTOMER',
    deploymentController: readController(input),
    loadBalancers: (input.objects('loadBalancers') ?? []).map((balancer) => ({
      loadBalancerName: balancer.text('loadBalancerName'),
      targetGroupArn: balancer.text('targetGroupArn'),
      containerName: balancer.text('containerName'),
      containerPort: balancer.integer('containerPort'),
    })),
    tags: readTags(input),
    tasks: new Set(),
    deployments: [],
    history: [],
    revisions: [],
    events: [],
    status: 'ACTIVE',
    desiredCount: desiredCount(change, schedulingStrategy),
    taskDefinition: requireTaskDefinition(world, input.requiredText('taskDefinition')),
    serviceRegistries: change.serviceRegistries ?? [],
    awsvpc: change.awsvpc,
    deploymentConfiguration: readDeploymentConfiguration(change.deploymentConfiguration, defaults),
    propagateTags: change.propagateTags ?? 'NONE',
    managedTags: change.managedTags ?? false,
    lastCompleted: undefined,
    deploymentsStarted: 0,
    settleAt: undefined,
  };
}

/** The service that an earlier call of the same name made, when this call merely repeats that one. */
function repeated(cluster: Cluster, input: Members, name: string): Service | undefined {
  const existing = cluster.services.get(name);
  if (existing === undefined || existing.status === 'INACTIVE') return undefined;
  if (existing.status === 'DRAINING')
    throw invalidParameter('Unable to Start a service that is still Draining.');
  const token = input.text('clientToken');
  if (token !== undefined && token === existing.clientToken) return existing;
  throw invalidParameter('Creation of service was not idempotent.');
}

function check(world: EcsWorld, service: Service): void {
  if (isFargate(service) && service.schedulingStrategy === 'DAEMON')
    throw invalidParameter('The daemon scheduling strategy is not supported on Fargate.');
  if (isFargate(service) && service.taskDefinition.networkMode !== 'awsvpc')
    throw invalidParameter('Fargate requires a task definition with networkMode awsvpc.');
  checkNetwork(service.taskDefinition, service.awsvpc);
  checkServiceRegistries(world, service.serviceRegistries, hostOf(service));
}

export const hostOf = (service: Service) => ({
  taskDefinition: service.taskDefinition,
  external: service.launchType === 'EXTERNAL',
  classicLoadBalancer: hasClassicLoadBalancer(service),
});

export interface CreateServiceOptions {
  /** `steady` gives the service its running tasks at once, for the first state of a scenario. */
  readonly start: 'rollout' | 'steady';
  /** No call makes an Express service out of a CreateService: a scenario can. */
  readonly resourceManagementType?: ResourceManagementType;
}

export function createService(world: EcsWorld, input: Members, options: CreateServiceOptions): Service {
  const cluster = requireCluster(world, input.text('cluster'));
  const name = input.requiredText('serviceName');
  if (!SERVICE_NAME.test(name)) throw invalidParameter('Identifier contains invalid characters.');
  const existing = repeated(cluster, input, name);
  if (existing !== undefined) return existing;
  const service = newService(world, cluster, input, name, options);
  check(world, service);
  // A map keeps the place of a key that is set again, and lists are paged in the order of creation.
  cluster.services.delete(name);
  cluster.services.set(name, service);
  beginDeployment(world, service);
  if (options.start === 'steady') materialize(world, service);
  else requestSettle(world, service);
  return service;
}
