import { describeEach, requireIds } from './clusters.ts';
import { failureThreshold } from './deployments.ts';
import { ecsPage } from './pages.ts';
import { desiredCountOf } from './scheduler.ts';
import { isPending } from './tasks.ts';
import { ecsInput, requireCluster, requireService, seconds } from './world.ts';
import type { Members } from '../members.ts';
import type { Service, ServiceDeployment, ServiceRevision } from './model.ts';
import type { EcsWorld } from './world.ts';

const MAX_DESCRIBED = 20;

const optionalSeconds = (milliseconds: number | undefined): number | undefined =>
  milliseconds === undefined ? undefined : seconds(milliseconds);

function brief(service: Service, deployment: ServiceDeployment) {
  return {
    serviceDeploymentArn: deployment.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    createdAt: seconds(deployment.createdAt),
    startedAt: seconds(deployment.createdAt),
    finishedAt: optionalSeconds(deployment.finishedAt),
    targetServiceRevisionArn: deployment.target.arn,
    status: deployment.status,
    statusReason: deployment.statusReason,
  };
}

function revisionSummary(service: Service, revision: ServiceRevision, requested: number) {
  const tasks = [...service.tasks].filter((task) => task.deployment.revision === revision);
  return {
    arn: revision.arn,
    requestedTaskCount: requested,
    runningTaskCount: tasks.filter((task) => task.lastStatus === 'RUNNING').length,
    pendingTaskCount: tasks.filter(isPending).length,
  };
}

function circuitBreaker(service: Service, deployment: ServiceDeployment) {
  const { enable } = service.deploymentConfiguration.circuitBreaker;
  const threshold = failureThreshold(desiredCountOf(service));
  const triggered = deployment.failureCount >= threshold;
  const watching = deployment.finishedAt === undefined ? 'MONITORING' : 'MONITORING_COMPLETE';
  return {
    status: enable ? (triggered ? 'TRIGGERED' : watching) : 'DISABLED',
    failureCount: deployment.failureCount,
    threshold,
  };
}

function rollbackView(deployment: ServiceDeployment) {
  const { rollback } = deployment;
  return rollback === undefined
    ? undefined
    : {
        reason: rollback.reason,
        startedAt: seconds(rollback.startedAt),
        serviceRevisionArn: rollback.revision.arn,
      };
}

function fullView(service: Service, deployment: ServiceDeployment) {
  const { targetServiceRevisionArn: _, ...head } = brief(service, deployment);
  const { source, target } = deployment;
  return {
    ...head,
    updatedAt: seconds(deployment.updatedAt),
    sourceServiceRevisions: source === undefined ? [] : [revisionSummary(service, source, 0)],
    targetServiceRevision: revisionSummary(service, target, desiredCountOf(service)),
    rollback: rollbackView(deployment),
    deploymentCircuitBreaker: circuitBreaker(service, deployment),
    alarms: { status: 'DISABLED' },
  };
}

/** A revision records the registries too: a rollback brings them back. */
function revisionView(service: Service, revision: ServiceRevision) {
  return {
    serviceRevisionArn: revision.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    taskDefinition: revision.taskDefinition.arn,
    launchType: service.launchType,
    capacityProviderStrategy: service.capacityProviders.length > 0 ? service.capacityProviders : undefined,
    serviceRegistries: revision.serviceRegistries,
    loadBalancers: service.loadBalancers,
    networkConfiguration:
      revision.awsvpc === undefined ? undefined : { awsvpcConfiguration: revision.awsvpc },
    createdAt: seconds(revision.createdAt),
  };
}

/** The service that an ARN such as `…:service-deployment/<cluster>/<service>/<id>` belongs to. */
function ownerOf(world: EcsWorld, arn: string): Service | undefined {
  const [, cluster = '', service = ''] = arn.split('/');
  return world.clusters.get(cluster)?.services.get(service);
}

const itself = (arn: string): string => arn;

function listServiceDeployments(world: EcsWorld, input: Members) {
  const service = requireService(requireCluster(world, input.text('cluster')), input.requiredText('service'));
  const statuses = input.texts('status') ?? [];
  const newestFirst = service.history
    .filter(({ status }) => statuses.length === 0 || statuses.includes(status))
    .reverse()
    .map((deployment, index) => ({ deployment, order: String(index).padStart(9, '0') }));
  const { items, ...next } = ecsPage(newestFirst, input, 20);
  return { serviceDeployments: items.map(({ deployment }) => brief(service, deployment)), ...next };
}

export function serviceDeploymentOperations(world: EcsWorld) {
  return {
    ListServiceDeployments: (raw: Record<string, unknown>) => listServiceDeployments(world, ecsInput(raw)),
    DescribeServiceDeployments(raw: Record<string, unknown>) {
      const { found, failures } = describeEach(
        requireIds(ecsInput(raw), 'serviceDeploymentArns', MAX_DESCRIBED),
        (arn) => {
          const service = ownerOf(world, arn);
          const deployment = service?.history.find((each) => each.arn === arn);
          return service === undefined || deployment === undefined ? undefined : { service, deployment };
        },
        ({ service, deployment }) => fullView(service, deployment),
        itself,
      );
      return { serviceDeployments: found, failures };
    },
    DescribeServiceRevisions(raw: Record<string, unknown>) {
      const { found, failures } = describeEach(
        requireIds(ecsInput(raw), 'serviceRevisionArns', MAX_DESCRIBED),
        (arn) => {
          const service = ownerOf(world, arn);
          const revision = service?.revisions.find((each) => each.arn === arn);
          return service === undefined || revision === undefined ? undefined : { service, revision };
        },
        ({ service, revision }) => revisionView(service, revision),
        itself,
      );
      return { serviceRevisions: found, failures };
    },
  };
}
