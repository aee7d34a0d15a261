import type { EndpointPort, RegistrySpec } from '../api/types.ts';
import { compareText } from '../state/keys.ts';
import type { ObservedTask, ObservedTaskDefinition } from '../state/observed.ts';

/** Where the endpoint of one task can be reached; `unknown` means that a read that would tell has failed. */
export type AddressResult =
  | { readonly kind: 'address'; readonly ip: string; readonly port: number }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'unknown' };

/** A container port, and the container it belongs to where the document named a port mapping. */
type ContainerPort =
  | { readonly kind: 'port'; readonly number: number; readonly container: string | undefined }
  | Exclude<AddressResult, { kind: 'address' }>;

const skip = (reason: string) => ({ kind: 'skipped', reason }) as const;
const UNKNOWN = { kind: 'unknown' } as const;

export function findAddress(
  task: ObservedTask,
  definition: ObservedTaskDefinition | undefined,
  port: EndpointPort,
  registry: RegistrySpec,
): AddressResult {
  const container = findContainerPort(port, definition);
  if (container.kind !== 'port') return container;
  const mode = networkModeOf(task, definition);
  switch (mode) {
    case undefined:
      return UNKNOWN;
    case 'awsvpc':
      return atAddress(task, container.number);
    case 'host':
      return atAddress(task.instance, container.number);
    case 'bridge': {
      const hostPort = findHostPort(task, container.number, container.container, registry);
      if (hostPort === undefined) return skip(`no host port for container port ${container.number} yet`);
      return atAddress(task.instance, hostPort);
    }
    case 'none':
      return skip('network mode "none" gives the task no address');
    default:
      return skip(`network mode "${mode}" is not supported`);
  }
}

/** Only awsvpc gives a task an address of its own, so that the address says more than any answer about the mode. */
export function networkModeOf(
  task: ObservedTask,
  definition: ObservedTaskDefinition | undefined,
): string | undefined {
  if (task.ipv4 !== undefined || task.ipv6 !== undefined) return 'awsvpc';
  return definition?.networkMode;
}

function findContainerPort(
  port: EndpointPort,
  definition: ObservedTaskDefinition | undefined,
): ContainerPort {
  if (port.kind === 'number') return { kind: 'port', number: port.number, container: undefined };
  if (definition === undefined) return UNKNOWN;
  const where = `task definition ${definition.family}:${definition.revision}`;
  for (const container of definition.containers) {
    const mapping = container.portMappings.find((mapping) => mapping.name === port.name);
    if (mapping === undefined) continue;
    if (mapping.containerPort === undefined)
      return skip(`port mapping "${port.name}" of ${where} is a range, name a single port instead`);
    return { kind: 'port', number: mapping.containerPort, container: container.name };
  }
  return skip(`${where} has no port mapping named "${port.name}"`);
}

function findHostPort(
  task: ObservedTask,
  containerPort: number,
  container: string | undefined,
  registry: RegistrySpec,
): number | undefined {
  const bindings = task.networkBindings
    .filter((binding) => binding.containerPort === containerPort && binding.protocol === 'tcp')
    .filter((binding) => container === undefined || binding.containerName === container)
    .filter((binding) => isPort(binding.hostPort))
    .sort((a, b) => compareText(a.containerName, b.containerName) || a.hostPort - b.hostPort);
  if (bindings[0] !== undefined) return bindings[0].hostPort;
  return registry.containerPort === containerPort ? task.instance?.port : undefined;
}

/** Prometheus accepts `":3000"` and then scrapes itself, so nothing leaves here without a host and a port. */
function atAddress(
  host: { readonly ipv4: string | undefined; readonly ipv6: string | undefined } | undefined,
  port: number,
): AddressResult {
  const ip = host?.ipv4 ?? host?.ipv6;
  if (host === undefined) return skip('its host address is not in the registry yet');
  if (ip === undefined || ip === '') return skip('no private IPv4 address yet');
  if (!isAddress(ip)) return skip(`"${ip}" is not an IP address`);
  if (!isPort(port)) return skip(`${port} is not a port number`);
  return { kind: 'address', ip, port };
}

const IPV4 = /^(?:\d{1,3}\.){3}\d{1,3}$/;
const IPV6 = /^[0-9a-f:.]*:[0-9a-f:.]*$/i;

function isAddress(ip: string): boolean {
  return IPV4.test(ip) || (IPV6.test(ip) && ip.length > 2);
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535;
}

/** The way Prometheus writes `host:port`. */
export function joinHostPort(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}
