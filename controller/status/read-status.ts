import { terminal, type OperatorError } from '../errors.ts';
import {
  STATUS_FORMAT,
  type Problem,
  type ScrapedTask,
  type StatusDocument,
  type StatusWriter,
  type StoredRegistry,
  type StoredService,
  type StoredSource,
  type StoredTagged,
  type StoredTarget,
  type StoredTargets,
  type StoredVersion,
} from './stored-status.ts';
import { CONDITION_TYPES, type Condition, type ReconcileResult } from './types.ts';

/** Reads what {@link writeStatus} wrote. Throws when the text is no status; what is unknown in it is left out. */
export function readStatus(text: string, where: string): StatusDocument {
  const document = parseJson(text, where);
  const version = document['formatVersion'];
  if (typeof version !== 'string') throw notStatus(where);
  if (!version.startsWith('1.')) throw tooNew(where, version);
  return {
    formatVersion: STATUS_FORMAT,
    owner: textOf(document['owner']),
    writer: writerOf(record(document['writer'])),
    lastPass: timeOf(document['lastPass']),
    problems: list(document['problems']).map(problemOf),
    scrapeTargets: list(document['scrapeTargets']).flatMap((value) => targetOf(record(value))),
    ...('tagged' in document && { tagged: taggedOf(record(document['tagged'])) }),
  };
}

function parseJson(text: string, where: string): Fields {
  try {
    return record(JSON.parse(text));
  } catch (thrown) {
    throw notStatus(where, thrown);
  }
}

function notStatus(where: string, cause?: unknown): OperatorError {
  return terminal({
    reason: 'StatusUnreadable',
    where,
    message: 'What is stored there is not the status of an installation.',
    remedy: 'Name the place that the controller writes to; a damaged status is replaced by its next pass.',
    cause,
  });
}

function tooNew(where: string, version: string): OperatorError {
  return terminal({
    reason: 'StatusFormatUnknown',
    where,
    message: `The status has format version ${version}, which this scrapectl does not know.`,
    remedy: 'Use a newer scrapectl.',
  });
}

function targetOf(fields: Fields): readonly StoredTarget[] {
  const name = textOf(fields['name']);
  if (name === '') return [];
  return [
    {
      name,
      observedGeneration: countOf(fields['observedGeneration']),
      specHash: textOf(fields['specHash']),
      firstSeen: timeOf(fields['firstSeen']),
      source: sourceOf(record(fields['source'])),
      inForce: versionOf(record(fields['inForce'])),
      service: serviceOf(record(fields['service'])),
      registry: registryOf(record(fields['registry'])),
      targets: targetsOf(record(fields['targets'])),
      conditions: list(fields['conditions']).flatMap((value) => conditionOf(record(value))),
      result: resultOf(record(fields['result'])),
    },
  ];
}

function writerOf({ version, verb, heartbeatSeconds, process }: Fields): StatusWriter {
  return {
    version: textOf(version),
    verb: verb === 'apply' ? 'apply' : 'run',
    ...(typeof heartbeatSeconds === 'number' ? { heartbeatSeconds } : {}),
    ...(typeof process === 'string' && { process }),
  };
}

function taggedOf({ count, registries, skipped, unread }: Fields): StoredTagged {
  return {
    count: countOf(count),
    registries: list(registries).map((value) => {
      const registry = record(value);
      return {
        namespace: textOf(registry['namespace']),
        name: textOf(registry['name']),
        count: countOf(registry['count']),
      };
    }),
    skipped: list(skipped).map(textOf),
    unread: list(unread).map(textOf),
  };
}

function problemOf(value: unknown): Problem {
  const { where, reason, message } = record(value);
  return { where: textOrNull(where), reason: textOf(reason), message: textOf(message) };
}

function sourceOf({ file, revision, gitRevision }: Fields): StoredSource | null {
  if (typeof file !== 'string') return null;
  return {
    file,
    ...(typeof revision === 'string' && { revision }),
    ...(typeof gitRevision === 'string' && { gitRevision }),
  };
}

const VERSIONS = ['newest', 'lastAccepted', 'lastLoaded', 'none'] as const;

function versionOf({ version, specHash, message, retryAt }: Fields): StoredVersion {
  return {
    version: VERSIONS.find((known) => known === version) ?? 'newest',
    ...(typeof specHash === 'string' && { specHash }),
    ...(typeof message === 'string' && { message }),
    ...(typeof retryAt === 'string' && { retryAt }),
  };
}

function serviceOf({ cluster, name, arn, bound }: Fields): StoredService | null {
  if (typeof cluster !== 'string' || typeof name !== 'string') return null;
  return { cluster, name, arn: textOrNull(arn), bound: typeof bound === 'boolean' ? bound : null };
}

function registryOf({ namespace, name, arn }: Fields): StoredRegistry | null {
  if (typeof namespace !== 'string' || typeof name !== 'string') return null;
  return { namespace, name, arn: textOrNull(arn) };
}

function targetsOf({ count, held, lastCompleteRead, scraped, skipped }: Fields): StoredTargets {
  return {
    count: countOf(count),
    held: held === true,
    ...(typeof lastCompleteRead === 'string' && { lastCompleteRead }),
    scraped: list(scraped).map((value) => scrapedOf(record(value))),
    skipped: list(skipped).map((value) => {
      const { taskId, reason } = record(value);
      return { taskId: textOf(taskId), reason: textOf(reason) };
    }),
  };
}

function scrapedOf({ endpoint, address, taskId }: Fields): ScrapedTask {
  return { endpoint: textOf(endpoint), address: textOf(address), taskId: textOrNull(taskId) };
}

const STATUSES = ['True', 'False', 'Unknown'] as const;

function conditionOf(fields: Fields): readonly Condition[] {
  const type = CONDITION_TYPES.find((known) => known === fields['type']);
  const status = STATUSES.find((known) => known === fields['status']);
  if (type === undefined || status === undefined) return [];
  return [
    {
      type,
      status,
      reason: textOf(fields['reason']),
      message: textOf(fields['message']),
      lastTransitionTime: timeOf(fields['lastTransitionTime']),
      observedGeneration: countOf(fields['observedGeneration']),
    },
  ];
}

function resultOf({ kind, ms, reason }: Fields): ReconcileResult {
  if (kind === 'requeueAfter') return { kind, ms: countOf(ms), reason: textOf(reason) };
  return kind === 'retry' || kind === 'stalled' ? { kind, reason: textOf(reason) } : { kind: 'done' };
}

type Fields = Readonly<Record<string, unknown>>;

const record = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const countOf = (value: unknown): number => (typeof value === 'number' && value >= 0 ? value : 0);

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;

/** A time that cannot be read is very long ago, so that nobody takes it for fresh. */
const timeOf = (value: unknown): string =>
  typeof value === 'string' && TIME.test(value) ? value : '1970-01-01T00:00:00.000Z';
