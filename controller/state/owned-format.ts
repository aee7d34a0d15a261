import { terminal, type OperatorError } from '../errors.ts';
import { readAttempts, writeAttempts } from './attempts.ts';
import { sortOwned, type Holdings, type OwnedRegistry } from './owned.ts';

const FORMAT = 'scrapectl-inventory/1';

/** As it is stored: equal inventories give equal bytes. */
export function writeOwned(owner: string, { owned, attempts }: Holdings): string {
  const registries = sortOwned(owned).map((entry) => ({
    target: entry.target,
    registry: {
      namespace: entry.registry.namespace,
      name: entry.registry.name,
      id: entry.registry.id,
      arn: entry.registry.arn,
    },
    service: { cluster: entry.service.cluster, service: entry.service.service },
    origin: entry.origin,
    deletionPolicy: entry.deletionPolicy,
    bindingPolicy: entry.bindingPolicy,
    state: entry.state,
    ...(entry.unbindSent !== undefined && { unbindSent: entry.unbindSent }),
  }));
  const bindings = attempts.size > 0 && { attempts: writeAttempts(attempts) };
  return `${JSON.stringify({ format: FORMAT, owner, registries, ...bindings })}\n`;
}

/**
 * Reads what {@link writeOwned} wrote. Whatever is not whole throws: an entry that is left out would be lost with the
 * next write, and one that is guessed might delete the wrong thing.
 */
export function readOwned(text: string, owner: string, where: string): Holdings {
  const { format, owner: whose, registries, attempts } = record(parseJson(text, where));
  if (typeof format === 'string' && format.startsWith('scrapectl-inventory/') && format !== FORMAT)
    throw tooNew(where, format);
  if (format !== FORMAT || !Array.isArray(registries)) throw broken(where, 'it is not an inventory');
  if (whose !== owner) throw broken(where, `it is that of owner ${JSON.stringify(whose)}`);
  return {
    owned: sortOwned(registries.map((entry, index) => decodeEntry(entry) ?? faulty(where, index))),
    attempts: readAttempts(attempts),
  };
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw broken(where, 'it is not JSON', thrown);
  }
}

function decodeEntry(value: unknown): OwnedRegistry | undefined {
  const entry = record(value);
  const registry = record(entry['registry']);
  const service = record(entry['service']);
  const target = filled(entry['target']);
  const [namespace, name] = [filled(registry['namespace']), filled(registry['name'])];
  const [id, arn] = [filled(registry['id']), filled(registry['arn'])];
  const [cluster, serviceName] = [filled(service['cluster']), filled(service['service'])];
  const origin = oneOf(entry['origin'], ['created', 'adopted', 'found']);
  const deletionPolicy = oneOf(entry['deletionPolicy'], ['Retain', 'Delete']);
  const bindingPolicy = oneOf(entry['bindingPolicy'], ['Ensure', 'Observe']);
  const state = oneOf(entry['state'], ['active', 'retained', 'deleting']);
  if (!target || !namespace || !name || !id || !arn || !cluster || !serviceName) return undefined;
  if (!origin || !deletionPolicy || !bindingPolicy || !state) return undefined;
  return {
    target,
    registry: { namespace, name, id, arn },
    service: { cluster, service: serviceName },
    origin,
    deletionPolicy,
    bindingPolicy,
    state,
    ...(typeof entry['unbindSent'] === 'string' && { unbindSent: entry['unbindSent'] }),
  };
}

const filled = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const oneOf = <T extends string>(value: unknown, choices: readonly T[]): T | undefined =>
  choices.find((choice) => choice === value);

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function faulty(where: string, index: number): never {
  throw broken(where, `entry ${index} is not whole`);
}

function broken(where: string, why: string, cause?: unknown): OperatorError {
  return terminal({
    reason: 'InventoryBroken',
    where,
    message: `The inventory of what this installation owns cannot be used: ${why}. Nothing is deleted, and it is not overwritten.`,
    remedy:
      'Restore an earlier version of it, or remove it: it is then made anew of the registries that carry our owner tag and that a document names.',
    cause,
  });
}

function tooNew(where: string, format: string): OperatorError {
  return terminal({
    reason: 'InventoryFormatUnknown',
    where,
    message: `The inventory has the format ${format}, which this scrapectl does not know. Nothing is deleted, and it is not overwritten.`,
    remedy: 'Use a newer scrapectl.',
  });
}
