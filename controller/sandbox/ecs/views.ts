import { isPending } from './tasks.ts';
import { desiredCountOf, desiredOfDeployment } from './scheduler.ts';
import { seconds } from './world.ts';
import { tagList } from './tags.ts';
import { isFargate } from './placement.ts';
import type {
  AwsvpcConfiguration,
  Deployment,
  NetworkInterface,
  PortBinding,
  Service,
  Task,
} from './model.ts';

const optionalSeconds = (milliseconds: number | undefined): number | undefined =>
  milliseconds === undefined ? undefined : seconds(milliseconds);

const networkConfiguration = (awsvpc: AwsvpcConfiguration | undefined) =>
  awsvpc === undefined ? undefined : { awsvpcConfiguration: awsvpc };

const counts = (tasks: readonly Task[]) => ({
  runningCount: tasks.filter((task) => task.lastStatus === 'RUNNING').length,
  pendingCount: tasks.filter(isPending).length,
});

const capacity = (service: Service) =>
  service.capacityProviders.length > 0
    ? { capacityProviderStrategy: service.capacityProviders }
    : { launchType: service.launchType };

/** Only the ECS deployment controller without Classic Load Balancers tells how a rollout goes. */
function rollout(service: Service, deployment: Deployment) {
  if (service.deploymentController !== 'ECS' || hasClassicLoadBalancer(service)) return {};
  return { rolloutState: deployment.rolloutState, rolloutStateReason: deployment.rolloutStateReason };
}

export const hasClassicLoadBalancer = (service: Pick<Service, 'loadBalancers'>): boolean =>
  service.loadBalancers.some((balancer) => balancer['loadBalancerName'] !== undefined);

function deploymentView(service: Service, deployment: Deployment) {
  const tasks = [...service.tasks].filter((task) => task.deployment === deployment);
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: deployment.revision.taskDefinition.arn,
    desiredCount: desiredOfDeployment(service, deployment),
    ...counts(tasks),
    failedTasks: deployment.failedTasks,
    createdAt: seconds(deployment.createdAt),
    updatedAt: seconds(deployment.updatedAt),
    ...capacity(service),
    ...(isFargate(service) && { platformVersion: '1.4.0', platformFamily: 'Linux' }),
    networkConfiguration: networkConfiguration(deployment.revision.awsvpc),
    ...rollout(service, deployment),
  };
}

function deploymentConfiguration(service: Service) {
  const { minimumHealthyPercent, maximumPercent, circuitBreaker, strategy } = service.deploymentConfiguration;
  return {
    deploymentCircuitBreaker: circuitBreaker,
    maximumPercent,
    minimumHealthyPercent,
    strategy,
    bakeTimeInMinutes: 0,
  };
}

export function serviceView(service: Service, options: { readonly tags: boolean }) {
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    status: service.status,
    desiredCount: desiredCountOf(service),
    ...counts([...service.tasks]),
    ...capacity(service),
    ...(isFargate(service) && { platformVersion: 'LATEST', platformFamily: 'Linux' }),
    schedulingStrategy: service.schedulingStrategy,
    resourceManagementType: service.resourceManagementType,
    ...(service.deploymentController !== 'ECS' && {
      deploymentController: { type: service.deploymentController },
    }),
    taskDefinition: service.taskDefinition.arn,
    serviceRegistries: service.serviceRegistries,
    loadBalancers: service.loadBalancers,
    deploymentConfiguration: deploymentConfiguration(service),
    deployments: service.deployments.map((deployment) => deploymentView(service, deployment)),
    currentServiceDeployment: service.history.at(-1)?.arn,
    networkConfiguration: networkConfiguration(service.awsvpc),
    events: service.events.map((event) => ({ ...event, createdAt: seconds(event.createdAt) })),
    createdAt: seconds(service.createdAt),
    placementConstraints: [],
    placementStrategy: [],
    enableECSManagedTags: service.managedTags,
    propagateTags: service.propagateTags,
    enableExecuteCommand: false,
    ...(options.tags && service.tags.size > 0 && { tags: tagList(service.tags) }),
  };
}

/** Before PENDING the interface is only asked for; after DEPROVISIONING it is gone. */
function attachmentStatus(task: Task): 'PRECREATED' | 'ATTACHING' | 'ATTACHED' | 'DELETED' {
  if (task.lastStatus === 'STOPPED') return 'DELETED';
  if (task.lastStatus === 'PROVISIONING') return 'PRECREATED';
  return task.lastStatus === 'PENDING' ? 'ATTACHING' : 'ATTACHED';
}

function attachmentView(task: Task, eni: NetworkInterface) {
  const status = attachmentStatus(task);
  const subnet = { name: 'subnetId', value: eni.subnet };
  return {
    id: eni.attachmentId,
    type: 'ElasticNetworkInterface',
    status,
    details:
      status === 'PRECREATED'
        ? [subnet]
        : [
            subnet,
            { name: 'networkInterfaceId', value: eni.interfaceId },
            { name: 'macAddress', value: eni.mac },
            { name: 'privateDnsName', value: `ip-${eni.privateIp.replaceAll('.', '-')}.ec2.internal` },
            { name: 'privateIPv4Address', value: eni.privateIp },
          ],
  };
}

const bindingView = ({ containerPort, hostPort, protocol }: PortBinding) => ({
  bindIP: '0.0.0.0',
  containerPort,
  hostPort,
  protocol,
});

function containerViews(task: Task) {
  const eni = task.networkInterface;
  const hasAddress = eni !== undefined && attachmentStatus(task) !== 'PRECREATED';
  return task.definition.containers.map((container, index) => ({
    containerArn: `${task.arn.replace(':task/', ':container/')}/${task.id.slice(0, 8)}-${index}`,
    taskArn: task.arn,
    name: container.name,
    image: container.image,
    lastStatus: isPending(task) ? 'PENDING' : task.lastStatus === 'RUNNING' ? 'RUNNING' : 'STOPPED',
    healthStatus: container.healthCheck === undefined ? 'UNKNOWN' : task.health,
    networkBindings:
      task.lastStatus === 'RUNNING'
        ? task.bindings.filter((bound) => bound.containerName === container.name).map(bindingView)
        : [],
    networkInterfaces: hasAddress
      ? [{ attachmentId: eni.attachmentId, privateIpv4Address: eni.privateIp }]
      : [],
  }));
}

function capacityOfTask(task: Task) {
  const { service } = task;
  const [provider] = service.capacityProviders;
  const fargate = isFargate(service);
  return {
    launchType: fargate ? 'FARGATE' : (service.launchType ?? 'EC2'),
    capacityProviderName: provider?.capacityProvider,
    ...(fargate && { platformVersion: '1.4.0', platformFamily: 'Linux' }),
  };
}

export function taskView(task: Task, options: { readonly tags: boolean }) {
  return {
    taskArn: task.arn,
    clusterArn: task.cluster.arn,
    taskDefinitionArn: task.definition.arn,
    containerInstanceArn: task.containerInstance?.arn,
    group: `service:${task.service.name}`,
    startedBy: task.deployment.id,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    healthStatus: task.health,
    ...capacityOfTask(task),
    availabilityZone: task.availabilityZone,
    connectivity: isPending(task) ? undefined : 'CONNECTED',
    version: task.version,
    attachments: task.networkInterface === undefined ? [] : [attachmentView(task, task.networkInterface)],
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    containers: containerViews(task),
    cpu: task.definition.cpu,
    memory: task.definition.memory,
    createdAt: seconds(task.createdAt),
    startedAt: optionalSeconds(task.startedAt),
    stoppingAt: optionalSeconds(task.stoppingAt),
    stoppedAt: optionalSeconds(task.stoppedAt),
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    tags: options.tags ? tagList(task.tags) : [],
  };
}
