import { readServiceRegistries } from './registries.ts';
import { invalidParameter } from './world.ts';
import type { Members } from '../members.ts';
import type { AwsvpcConfiguration, CapacityProviderItem, DeploymentConfiguration, Service } from './model.ts';

/** Members that CreateService and UpdateService share. Undefined means: not given. */
export interface ServiceChange {
  readonly serviceRegistries: ReturnType<typeof readServiceRegistries>;
  readonly desiredCount: number | undefined;
  readonly taskDefinition: string | undefined;
  readonly awsvpc: AwsvpcConfiguration | undefined;
  readonly propagateTags: Service['propagateTags'] | undefined;
  readonly managedTags: boolean | undefined;
  readonly deploymentConfiguration: Members | undefined;
}

function readAwsvpc(input: Members): AwsvpcConfiguration | undefined {
  const awsvpc = input.object('networkConfiguration')?.object('awsvpcConfiguration');
  if (awsvpc === undefined) return undefined;
  return {
    subnets: awsvpc.requiredTexts('subnets', { min: 1, max: 16 }),
    securityGroups: awsvpc.texts('securityGroups', { max: 5 }) ?? [],
    assignPublicIp: awsvpc.text('assignPublicIp') ?? 'DISABLED',
  };
}

function readPropagateTags(input: Members): Service['propagateTags'] | undefined {
  const text = input.text('propagateTags', { oneOf: ['TASK_DEFINITION', 'SERVICE', 'NONE'] });
  if (text === undefined) return undefined;
  return text === 'SERVICE' || text === 'TASK_DEFINITION' ? text : 'NONE';
}

export function readServiceChange(input: Members): ServiceChange {
  return {
    serviceRegistries: readServiceRegistries(input),
    desiredCount: input.integer('desiredCount', { min: 0 }),
    taskDefinition: input.text('taskDefinition'),
    awsvpc: readAwsvpc(input),
    propagateTags: readPropagateTags(input),
    managedTags: input.has('enableECSManagedTags') ? input.flag('enableECSManagedTags') : undefined,
    deploymentConfiguration: input.object('deploymentConfiguration'),
  };
}

export function defaultDeploymentConfiguration(scheduling: Service['schedulingStrategy']) {
  return {
    minimumHealthyPercent: scheduling === 'DAEMON' ? 0 : 100,
    maximumPercent: scheduling === 'DAEMON' ? 100 : 200,
    circuitBreaker: { enable: false, rollback: false },
    strategy: 'ROLLING',
  };
}

/** Members that are not given keep their values. */
export function readDeploymentConfiguration(
  given: Members | undefined,
  current: DeploymentConfiguration,
): DeploymentConfiguration {
  if (given === undefined) return current;
  const breaker = given.object('deploymentCircuitBreaker');
  return {
    minimumHealthyPercent:
      given.integer('minimumHealthyPercent', { min: 0 }) ?? current.minimumHealthyPercent,
    maximumPercent: given.integer('maximumPercent', { min: 0 }) ?? current.maximumPercent,
    circuitBreaker:
      breaker === undefined
        ? current.circuitBreaker
        : { enable: breaker.flag('enable'), rollback: breaker.flag('rollback') },
    strategy: given.text('strategy') ?? current.strategy,
  };
}

export function readCapacityProviders(input: Members): CapacityProviderItem[] {
  const items = (input.objects('capacityProviderStrategy') ?? []).map((item) => ({
    capacityProvider: item.requiredText('capacityProvider'),
    weight: item.integer('weight') ?? 0,
    base: item.integer('base') ?? 0,
  }));
  if (items.length > 0 && input.has('launchType'))
    throw invalidParameter(
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    );
  return items;
}
