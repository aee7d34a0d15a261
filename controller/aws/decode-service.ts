import { lastSegment } from '../state/keys.ts';
import type { ObservedDeployment, ObservedService, ServiceRegistryBinding } from '../state/observed.ts';
import { count, fields, items, port, present, text } from './values.ts';

/** Undefined when the answer does not say which service it is about. */
export function decodeService(raw: unknown): ObservedService | undefined {
  const service = fields(raw);
  const arn = text(service['serviceArn']);
  const clusterArn = text(service['clusterArn']);
  if (arn === undefined || clusterArn === undefined) return undefined;
  return {
    arn,
    name: text(service['serviceName']) ?? lastSegment(arn),
    clusterArn,
    clusterName: lastSegment(clusterArn),
    status: text(service['status']) ?? 'UNKNOWN',
    desiredCount: count(service['desiredCount']) ?? 0,
    runningCount: count(service['runningCount']) ?? 0,
    launchType: text(service['launchType']),
    schedulingStrategy: text(service['schedulingStrategy']),
    deploymentController: text(fields(service['deploymentController'])['type']) ?? 'ECS',
    deploymentStrategy: text(fields(service['deploymentConfiguration'])['strategy']) ?? 'ROLLING',
    resourceManagementType: text(service['resourceManagementType']),
    classicLoadBalancer: items(service['loadBalancers']).some(isClassicLoadBalancer),
    taskDefinitionArn: text(service['taskDefinition']),
    serviceRegistries: present(items(service['serviceRegistries']).map(decodeBinding)),
    deployments: present(items(service['deployments']).map(decodeDeployment)),
    tags: decodeTags(service['tags'], 'key', 'value'),
  };
}

/** A Classic Load Balancer is named; an ALB or NLB has a target group. */
function isClassicLoadBalancer(raw: unknown): boolean {
  const balancer = fields(raw);
  return text(balancer['loadBalancerName']) !== undefined && text(balancer['targetGroupArn']) === undefined;
}

export function decodeBinding(raw: unknown): ServiceRegistryBinding | undefined {
  const binding = fields(raw);
  const registryArn = text(binding['registryArn']);
  if (registryArn === undefined) return undefined;
  const containerName = text(binding['containerName']);
  const containerPort = port(binding['containerPort']);
  const number = port(binding['port']);
  return {
    registryArn,
    ...(containerName !== undefined && { containerName }),
    ...(containerPort !== undefined && { containerPort }),
    ...(number !== undefined && { port: number }),
  };
}

function decodeDeployment(raw: unknown): ObservedDeployment | undefined {
  const deployment = fields(raw);
  const id = text(deployment['id']);
  if (id === undefined) return undefined;
  return {
    id,
    status: text(deployment['status']) ?? 'UNKNOWN',
    rolloutState: text(deployment['rolloutState']),
    rolloutStateReason: text(deployment['rolloutStateReason']),
    taskDefinitionArn: text(deployment['taskDefinition']),
    desiredCount: count(deployment['desiredCount']) ?? 0,
    runningCount: count(deployment['runningCount']) ?? 0,
  };
}

/** Tags as a record. ECS spells the members `key` and `value`, Cloud Map `Key` and `Value`; an empty value is a value. */
export function decodeTags(
  raw: unknown,
  keyName: 'key' | 'Key',
  valueName: 'value' | 'Value',
): Readonly<Record<string, string>> {
  const tags = items(raw).flatMap((item) => {
    const tag = fields(item);
    const key = text(tag[keyName]);
    const value = tag[valueName] ?? '';
    return key !== undefined && typeof value === 'string' ? [[key, value] as const] : [];
  });
  return Object.fromEntries(tags);
}
