import { parseDocuments } from '../api/parse.ts';
import type { DocumentFile, ScrapeTarget } from '../api/types.ts';
import type { Addresses } from '../scrape/mass-loss.ts';
import type { BaseConfig } from '../scrape/render.ts';
import type { TaggedEntries } from '../scrape/tagged-registries.ts';
import { readAttempts, writeAttempts, type Attempts } from '../state/attempts.ts';
import type { TargetGroup } from '../state/targets.ts';
import type { Backoff } from './backoff.ts';
import type { RememberedDiscovery } from './rediscover.ts';

/** A version of a document that was found valid, and the file that it was in. */
export interface Accepted {
  readonly target: ScrapeTarget;
  readonly file: DocumentFile;
}

/** What the documents of one pass leave to the next. */
export interface DocumentMemory {
  /** Last known files by source. */
  readonly files: ReadonlyMap<string, readonly DocumentFile[]>;
  /** Sources that were read whole at least once. */
  readonly seenWhole: ReadonlySet<string>;
  /** Last accepted version by name. */
  readonly accepted: ReadonlyMap<string, Accepted>;
}

/** A version that Prometheus refused. */
export interface Quarantine {
  readonly specHash: string;
  /** Prometheus's own words. */
  readonly message: string;
  /** Milliseconds since the epoch; after this it is offered once more, for what lies outside of the document may have changed. */
  readonly until: number;
}

/** What Prometheus was offered, and may have taken although nobody heard its verdict. */
export interface Offered {
  readonly base: BaseConfig;
  readonly versions: ReadonlyMap<string, Accepted>;
}

/** What one pass leaves to the next. A value, so that a pass can be replayed. */
export interface Memory {
  readonly documents: DocumentMemory;
  /** Last one that could be read. */
  readonly baseConfig: BaseConfig | undefined;
  /** The one that Prometheus has loaded. */
  readonly confirmedBase: BaseConfig | undefined;
  /** Since something was confirmed last, the newest first: what Prometheus may have loaded, or started with by itself. */
  readonly offered: readonly Offered[];
  /** A base configuration that Prometheus refused whatever jobs are in it, and its words. */
  readonly refusedBase: { readonly text: string; readonly message: string } | undefined;
  /** Of the Prometheus that answered last: a configuration must not change because nobody answers. */
  readonly prometheusVersion: string | undefined;
  /** So that a rollback is not fought. */
  readonly attempts: Attempts;
  /** By claimKey: what documents wanted to stay when the inventory could not be told. */
  readonly spared: ReadonlySet<string>;
  /** By ScrapeTarget name: the version that Prometheus has loaded. */
  readonly confirmed: ReadonlyMap<string, Accepted>;
  readonly quarantine: ReadonlyMap<string, Quarantine>;
  /** By ScrapeTarget name. Not kept over a restart: a new process may try at once. */
  readonly backoff: ReadonlyMap<string, Backoff>;
  /** By ScrapeTarget name, in milliseconds since the epoch. Not kept over a restart. */
  readonly lastCompleteRead: ReadonlyMap<string, number>;
  /** Addresses that Prometheus has; undefined until they are read from disk. */
  readonly published: Addresses | undefined;
  /** Targets that the last read said are gone, held because they are so many. */
  readonly lost: Addresses;
  /** The text that Prometheus accepted last. Not kept over a restart. */
  readonly acceptedConfig: string | undefined;
  /** Targets that only tags ask for, with the registry of each. */
  readonly tagged: TaggedEntries;
  /** By ScrapeTarget name; a cache. */
  readonly discoveries: ReadonlyMap<string, RememberedDiscovery>;
}

export const NO_DOCUMENTS: DocumentMemory = { files: new Map(), seenWhole: new Set(), accepted: new Map() };

export const NO_MEMORY: Memory = {
  documents: NO_DOCUMENTS,
  baseConfig: undefined,
  confirmedBase: undefined,
  offered: [],
  refusedBase: undefined,
  prometheusVersion: undefined,
  attempts: new Map(),
  spared: new Set(),
  confirmed: new Map(),
  quarantine: new Map(),
  backoff: new Map(),
  lastCompleteRead: new Map(),
  published: undefined,
  lost: new Map(),
  acceptedConfig: undefined,
  tagged: new Map(),
  discoveries: new Map(),
};

const FORMAT = 'scrapectl-memory/1';

/**
 * What must survive a restart, as JSON with sorted keys: equal memories give equal bytes. Documents are kept as the
 * texts that people wrote, each once, and are read again with the rules of the program that reads them.
 */
export function writeMemory(memory: Memory): string {
  const texts: DocumentFile[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (file: DocumentFile): number => {
    const key = `${file.file}\0${file.revision ?? ''}\0${file.text}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, texts.length);
    return texts.push(file) - 1;
  };
  const versions = (accepted: ReadonlyMap<string, Accepted>): Record<string, number> =>
    Object.fromEntries(sorted(accepted).map(([name, { file }]) => [name, numberOf(file)]));
  const { documents } = memory;
  const sources = sorted(documents.files).map(([uri, files]) => ({
    uri,
    seenWhole: documents.seenWhole.has(uri),
    files: files.map(numberOf),
  }));
  const accepted = versions(documents.accepted);
  const confirmed = versions(memory.confirmed);
  return `${JSON.stringify(
    {
      format: FORMAT,
      sources,
      accepted,
      confirmed,
      attempts: writeAttempts(memory.attempts),
      ...(memory.spared.size > 0 && { spared: [...memory.spared].toSorted() }),
      quarantine: Object.fromEntries(sorted(memory.quarantine)),
      lost: Object.fromEntries(sorted(memory.lost).map(([path, set]) => [path, [...set].toSorted()])),
      ...(memory.tagged.size > 0 && { tagged: Object.fromEntries(sorted(memory.tagged)) }),
      baseConfig: memory.baseConfig,
      confirmedBase: memory.confirmedBase,
      ...(memory.offered.length > 0 && {
        offered: memory.offered.map(({ base, versions: those }) => ({ base, versions: versions(those) })),
      }),
      refusedBase: memory.refusedBase,
      prometheusVersion: memory.prometheusVersion,
      texts,
    },
    null,
    1,
  )}\n`;
}

const sorted = <V>(map: ReadonlyMap<string, V>): [string, V][] =>
  [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));

/** The memory in a text that {@link writeMemory} made; what cannot be understood is left out, and never throws. */
export function readMemory(text: string, options: { readonly fileAccessDirectory?: string }): Memory {
  const saved = parseJson(text);
  if (saved['format'] !== FORMAT) return NO_MEMORY;
  const texts = list(saved['texts']).map(toDocumentFile);
  const fileAt = (index: unknown): DocumentFile | undefined =>
    typeof index === 'number' ? texts[index] : undefined;
  const parsed = texts.map((file) => acceptAgain(file, options));
  const versions = (value: unknown): Map<string, Accepted> =>
    new Map(
      Object.entries(record(value)).flatMap(([name, index]) => {
        const accepted = typeof index === 'number' ? parsed[index]?.get(name) : undefined;
        return accepted === undefined ? [] : [[name, accepted] as const];
      }),
    );
  const sources = list(saved['sources']).map(record);
  const uriOf = (source: Record<string, unknown>): string => String(source['uri']);
  return {
    ...NO_MEMORY,
    documents: {
      files: new Map(
        sources.map((source) => [
          uriOf(source),
          list(source['files']).flatMap((index) => fileAt(index) ?? []),
        ]),
      ),
      seenWhole: new Set(sources.filter((source) => source['seenWhole'] === true).map(uriOf)),
      accepted: versions(saved['accepted']),
    },
    baseConfig: toBaseConfig(saved['baseConfig']),
    confirmedBase: toBaseConfig(saved['confirmedBase']),
    offered: list(saved['offered']).flatMap((value) => toOffered(value, versions) ?? []),
    refusedBase: toRefusedBase(saved['refusedBase']),
    prometheusVersion: optionalText(saved['prometheusVersion']),
    attempts: readAttempts(saved['attempts']),
    spared: new Set(list(saved['spared']).filter((claim) => typeof claim === 'string')),
    confirmed: versions(saved['confirmed']),
    quarantine: new Map(
      Object.entries(record(saved['quarantine'])).flatMap(([name, value]) => {
        const quarantine = toQuarantine(value);
        return quarantine === undefined ? [] : [[name, quarantine] as const];
      }),
    ),
    lost: new Map(
      Object.entries(record(saved['lost'])).map(([path, addresses]) => [
        path,
        new Set(list(addresses).filter((address) => typeof address === 'string')),
      ]),
    ),
    tagged: new Map(
      Object.entries(record(saved['tagged'])).map(([key, groups]) => [
        key,
        list(groups).flatMap(toTargetGroup),
      ]),
    ),
  };
}

/** The valid documents of one file, by name. */
function acceptAgain(
  file: DocumentFile | undefined,
  options: { readonly fileAccessDirectory?: string },
): ReadonlyMap<string, Accepted> {
  if (file === undefined) return new Map();
  const { targets } = parseDocuments([file], options);
  return new Map(targets.map((target) => [target.metadata.name, { target, file }]));
}

function toTargetGroup(value: unknown): TargetGroup[] {
  const { targets, labels } = record(value);
  const addresses = list(targets).filter((address) => typeof address === 'string');
  const texts = Object.entries(record(labels)).flatMap(([name, text]) =>
    typeof text === 'string' ? [[name, text] as const] : [],
  );
  return addresses.length === 0 ? [] : [{ targets: addresses, labels: Object.fromEntries(texts) }];
}

function toDocumentFile(value: unknown): DocumentFile | undefined {
  const { file, text, revision, gitRevision } = record(value);
  if (typeof file !== 'string' || typeof text !== 'string') return undefined;
  return {
    file,
    text,
    ...(typeof revision === 'string' && { revision }),
    ...(typeof gitRevision === 'string' && { gitRevision }),
  };
}

function toBaseConfig(value: unknown): BaseConfig | undefined {
  const { uri, text } = record(value);
  return typeof uri === 'string' && typeof text === 'string' ? { uri, text } : undefined;
}

function toOffered(
  value: unknown,
  toVersions: (value: unknown) => ReadonlyMap<string, Accepted>,
): Offered | undefined {
  const offered = record(value);
  const base = toBaseConfig(offered['base']);
  return base && { base, versions: toVersions(offered['versions']) };
}

function toRefusedBase(value: unknown): Memory['refusedBase'] {
  const { text, message } = record(value);
  return typeof text === 'string' && typeof message === 'string' ? { text, message } : undefined;
}

function toQuarantine(value: unknown): Quarantine | undefined {
  const { specHash, message, until } = record(value);
  if (typeof specHash !== 'string' || typeof message !== 'string' || typeof until !== 'number')
    return undefined;
  return { specHash, message, until };
}

function parseJson(text: string): Record<string, unknown> {
  try {
    return record(JSON.parse(text));
  } catch {
    // A memory that is not JSON is no memory: everything in it can be learned anew.
    return {};
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const optionalText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
