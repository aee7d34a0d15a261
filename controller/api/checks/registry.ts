import { lastSegment } from '../../state/keys.ts';
import { quote, type Fault, type Path } from '../faults.ts';
import type { DocumentRegistry, DocumentServiceRef } from '../scrapetarget.gen.ts';

const PATH: Path = ['spec', 'registry'];
const NAME_PART = /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/;

const invalid = (path: Path, message: string): Fault => ({ path, reason: 'InvalidSpec', message });

/** The ARN of a service names its cluster, too; both must mean the same one. */
export function checkServiceRef({ cluster, service }: DocumentServiceRef): Fault[] {
  const parts = service.split('/');
  const named = parts.length === 3 ? parts[1] : undefined;
  if (named === undefined || named === lastSegment(cluster)) return [];
  const message = `The ARN of the service names the cluster ${quote(named)}, but \`cluster\` is ${quote(cluster)}. Correct one of them.`;
  return [invalid(['spec', 'serviceRef', 'cluster'], message)];
}

export function checkRegistry(registry: DocumentRegistry): Fault[] {
  return [...checkName(registry), ...checkNamespace(registry), ...checkContainer(registry)];
}

function checkName({ name }: DocumentRegistry): Fault[] {
  if (name === undefined || name.split('.').every((part) => NAME_PART.test(part))) return [];
  const message = `Cloud Map does not take the name ${quote(name)}. Write labels of 1 to 63 letters, digits, hyphens and underscores, separated by dots; a label neither begins nor ends with a hyphen.`;
  return [invalid([...PATH, 'name'], message)];
}

function checkNamespace({ namespace }: DocumentRegistry): Fault[] {
  if (!namespace.startsWith('arn:')) return [];
  return [invalid([...PATH, 'namespace'], 'Write the name of the namespace, not its ARN.')];
}

const CONTAINER_FIELDS = ['containerName', 'containerPort'] as const;

function checkContainer(registry: DocumentRegistry): Fault[] {
  const twice = CONTAINER_FIELDS.filter(
    (field) => registry[field] !== undefined && registry.dnsRecord?.[field] !== undefined,
  );
  if (twice.length > 0) {
    return twice.map((field) =>
      invalid(
        [...PATH, 'dnsRecord', field],
        `\`${field}\` is also written in spec.registry. Keep one of them.`,
      ),
    );
  }
  return (registry.dnsRecord?.type ?? 'A') === 'SRV' ? checkSrv(registry) : checkAddress(registry);
}

function checkSrv(registry: DocumentRegistry): Fault[] {
  return CONTAINER_FIELDS.filter((field) => whereIs(registry, field) === undefined).map((field) =>
    invalid(
      [...PATH, field],
      `An SRV record needs \`${field}\`. Write containerName and containerPort as in the task definition.`,
    ),
  );
}

function checkAddress(registry: DocumentRegistry): Fault[] {
  const type = registry.dnsRecord?.type ?? 'A';
  return CONTAINER_FIELDS.flatMap((field) => {
    const path = whereIs(registry, field);
    if (path === undefined) return [];
    const message = `An ${type} record holds an address only, and ECS refuses a \`${field}\` with it. Write \`dnsRecord: {type: SRV}\`, or remove ${field}.`;
    return [invalid(path, message)];
  });
}

/** The path under which the field was written, if at all. */
function whereIs(registry: DocumentRegistry, field: (typeof CONTAINER_FIELDS)[number]): Path | undefined {
  if (registry[field] !== undefined) return [...PATH, field];
  return registry.dnsRecord?.[field] === undefined ? undefined : [...PATH, 'dnsRecord', field];
}
