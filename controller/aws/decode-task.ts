import { isIPv4, isIPv6 } from 'node:net';
import { lastSegment } from '../state/keys.ts';
import type { ObservedNetworkBinding, ObservedTask, SkippedTask } from '../state/observed.ts';
import { fields, items, port, text } from './values.ts';
import type { Fields } from './values.ts';

export type DecodedTask =
  | { readonly kind: 'task'; readonly task: ObservedTask }
  | {
      readonly kind: 'skipped';
      readonly skipped: SkippedTask;
      readonly arn: string | undefined;
      readonly group: string | undefined;
    };

/** A task without ARN or status cannot be told from others or judged, so it is skipped with a reason. */
export function decodeTask(raw: unknown): DecodedTask {
  const task = fields(raw);
  const arn = text(task['taskArn']);
  if (arn === undefined) return skip(task, 'ECS returned a task without an ARN.');
  const lastStatus = text(task['lastStatus']);
  if (lastStatus === undefined) return skip(task, 'ECS did not say in which state the task is.');
  return {
    kind: 'task',
    task: { arn, id: lastSegment(arn), lastStatus, ...decodeFacts(task), ...decodeNetwork(task) },
  };
}

function skip(task: Fields, reason: string): DecodedTask {
  const arn = text(task['taskArn']);
  const taskId = arn === undefined ? 'unknown' : lastSegment(arn);
  return { kind: 'skipped', skipped: { taskId, reason }, arn, group: text(task['group']) };
}

function decodeFacts(task: Fields) {
  return {
    group: text(task['group']),
    desiredStatus: text(task['desiredStatus']),
    healthStatus: text(task['healthStatus']),
    launchType: text(task['launchType']),
    platformFamily: text(task['platformFamily']),
    platformVersion: text(task['platformVersion']),
    availabilityZone: text(task['availabilityZone']),
    taskDefinitionArn: text(task['taskDefinitionArn']),
    containerInstanceArn: text(task['containerInstanceArn']),
  };
}

function decodeNetwork(task: Fields) {
  const eni = eniDetails(task);
  const interfaces = items(task['containers']).flatMap((container) =>
    items(fields(container)['networkInterfaces']).map(fields),
  );
  const containerValue = (name: string): string | undefined =>
    interfaces.map((each) => text(each[name])).find((found) => found !== undefined);
  return {
    subnetId: eni.get('subnetid'),
    ipv4: ipv4(eni.get('privateipv4address')) ?? ipv4(containerValue('privateIpv4Address')),
    ipv6: ipv6(eni.get('ipv6address')) ?? ipv6(containerValue('ipv6Address')),
    instance: undefined,
    networkBindings: items(task['containers']).flatMap(decodeContainerBindings),
  };
}

/** Details of the task's network interface by lower-case name: AWS spells `privateIPv4Address` differently from place to place. */
function eniDetails(task: Fields): ReadonlyMap<string, string> {
  const details = new Map<string, string>();
  const attachments = items(task['attachments']).map(fields).filter(isEni);
  for (const detail of attachments.flatMap((attachment) => items(attachment['details'])).map(fields)) {
    const name = text(detail['name'])?.toLowerCase();
    const value = text(detail['value']);
    if (name !== undefined && value !== undefined && !details.has(name)) details.set(name, value);
  }
  return details;
}

/** Events say `eni` where DescribeTasks says `ElasticNetworkInterface`; a detached one has no use any more. */
function isEni(attachment: Fields): boolean {
  const type = text(attachment['type']);
  const isInterface = type === 'ElasticNetworkInterface' || type === 'eni';
  return isInterface && attachment['status'] !== 'DELETED' && attachment['status'] !== 'DETACHED';
}

function decodeContainerBindings(raw: unknown): readonly ObservedNetworkBinding[] {
  const container = fields(raw);
  const containerName = text(container['name']);
  if (containerName === undefined) return [];
  return items(container['networkBindings']).flatMap((binding) =>
    decodeBinding(fields(binding), containerName),
  );
}

function decodeBinding(binding: Fields, containerName: string): readonly ObservedNetworkBinding[] {
  const protocol = text(binding['protocol']) ?? 'tcp';
  const containerPort = port(binding['containerPort']);
  const hostPort = port(binding['hostPort']);
  if (containerPort !== undefined && hostPort !== undefined)
    return [{ containerName, containerPort, hostPort, protocol }];
  return pairRanges(binding).map((pair) => ({ containerName, ...pair, protocol }));
}

/** ECS reports a mapped range as two ranges of equal length; port by port they correspond. */
function pairRanges(
  binding: Fields,
): readonly { readonly containerPort: number; readonly hostPort: number }[] {
  const container = parseRange(binding['containerPortRange']);
  const host = parseRange(binding['hostPortRange']);
  if (container === undefined || host === undefined || container.length !== host.length) return [];
  return Array.from({ length: container.length }, (_, offset) => ({
    containerPort: container.first + offset,
    hostPort: host.first + offset,
  }));
}

const LONGEST_RANGE = 1000;

function parseRange(raw: unknown): { readonly first: number; readonly length: number } | undefined {
  const [from, to] = (text(raw) ?? '').split('-').map(port);
  if (from === undefined || to === undefined || to < from || to - from >= LONGEST_RANGE) return undefined;
  return { first: from, length: to - from + 1 };
}

export function ipv4(address: string | undefined): string | undefined {
  return address !== undefined && isIPv4(address) ? address : undefined;
}

export function ipv6(address: string | undefined): string | undefined {
  return address !== undefined && isIPv6(address) ? address : undefined;
}
