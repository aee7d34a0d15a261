import type { BindService, Change, CreateRegistry, Plan } from '../../controller/plan/types.ts';
import type { ObservedDeployment, ObservedService } from '../../controller/state/observed.ts';

export const REGISTRY_ARN = 'arn:aws:servicediscovery:eu-west-1:123456789012:service/srv-aaaaaaaaaaaaaaaa';

export function planOf(changes: readonly Change[], rollouts: Plan['rollouts'] = []): Plan {
  return { changes, drift: [], blocked: [], rollouts };
}

export function createRegistry(target: string): CreateRegistry {
  return {
    kind: 'createRegistry',
    target,
    namespace: {
      id: 'ns-1',
      arn: 'arn:aws:servicediscovery:eu-west-1:123456789012:namespace/ns-1',
      name: 'ecs-services',
    },
    name: `${target}-svc`,
    description: '',
    dns: { recordType: 'A', ttl: 10, routingPolicy: 'MULTIVALUE' },
    tags: {},
    creatorRequestId: `request-${target}`,
  };
}

export function bindService(target: string, registryArn: string | undefined = REGISTRY_ARN): BindService {
  return {
    kind: 'bindService',
    target,
    specHash: 'hash-1',
    service: {
      arn: `arn:aws:ecs:eu-west-1:123456789012:service/c/${target}`,
      name: target,
      clusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/c',
      clusterName: 'c',
      desiredCount: 2,
    },
    registry: { namespace: 'ecs-services', name: `${target}-svc` },
    before: [],
    after: { registryArn },
  };
}

export function deployment(overrides: Partial<ObservedDeployment> = {}): ObservedDeployment {
  return {
    id: 'ecs-svc/1',
    status: 'PRIMARY',
    rolloutState: 'COMPLETED',
    rolloutStateReason: undefined,
    taskDefinitionArn: undefined,
    desiredCount: 2,
    runningCount: 2,
    ...overrides,
  };
}

export function boundService(name: string, overrides: Partial<ObservedService> = {}): ObservedService {
  return {
    arn: `arn:aws:ecs:eu-west-1:123456789012:service/c/${name}`,
    name,
    clusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/c',
    clusterName: 'c',
    status: 'ACTIVE',
    desiredCount: 2,
    runningCount: 2,
    launchType: 'FARGATE',
    schedulingStrategy: 'REPLICA',
    deploymentController: 'ECS',
    deploymentStrategy: 'ROLLING',
    resourceManagementType: undefined,
    classicLoadBalancer: false,
    taskDefinitionArn: undefined,
    serviceRegistries: [{ registryArn: REGISTRY_ARN }],
    deployments: [deployment()],
    tags: {},
    ...overrides,
  };
}
