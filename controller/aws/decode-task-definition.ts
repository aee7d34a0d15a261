import type {
  ObservedContainerDefinition,
  ObservedPortMapping,
  ObservedTaskDefinition,
} from '../state/observed.ts';
import { count, fields, items, port, present, text } from './values.ts';

export function decodeTaskDefinition(arn: string, raw: unknown): ObservedTaskDefinition {
  const definition = fields(raw);
  const [family = '', revision = ''] = arn.slice(arn.lastIndexOf('/') + 1).split(':');
  return {
    arn,
    family: text(definition['family']) ?? family,
    revision: count(definition['revision']) ?? (Number.parseInt(revision, 10) || 0),
    // ECS leaves the mode out where it is the default of Linux on EC2.
    networkMode: text(definition['networkMode']) ?? 'bridge',
    containers: present(items(definition['containerDefinitions']).map(decodeContainer)),
  };
}

function decodeContainer(raw: unknown): ObservedContainerDefinition | undefined {
  const container = fields(raw);
  const name = text(container['name']);
  if (name === undefined) return undefined;
  return { name, portMappings: items(container['portMappings']).map(decodePortMapping) };
}

function decodePortMapping(raw: unknown): ObservedPortMapping {
  const mapping = fields(raw);
  return {
    name: text(mapping['name']),
    containerPort: port(mapping['containerPort']),
    hostPort: port(mapping['hostPort']),
    containerPortRange: text(mapping['containerPortRange']),
    protocol: text(mapping['protocol']) ?? 'tcp',
  };
}
