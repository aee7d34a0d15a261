import { transient } from '../../controller/errors.ts';
import type { DocumentFile } from '../../controller/api/types.ts';
import type { Aws } from '../../controller/aws/create-aws.ts';
import type {
  DocumentSource,
  SourceSnapshot,
  StatusStore,
  TextReader,
} from '../../controller/reconcile/ports.ts';
import { createDirectoryStatusStore } from '../../controller/prometheus/status-store.ts';
import { inventoryPath } from '../../controller/state/state-path.ts';
import { DIRECTORY } from './memory-files.ts';
import { baseText, documentText } from './documents.ts';
import type { BaseVersion, DocumentVersion } from './documents.ts';
import type { Shelf } from './shelves.ts';
import type { Turnstile } from './turnstile.ts';

/** How the place of the documents can be read at the moment. */
export type Access =
  | 'whole'
  /** Nothing can be listed. */
  | 'gone'
  /** The list breaks off: some files were seen. */
  | 'partial';

/** Where authors write, and a controller reads. */
export interface Library {
  /** What is written now. */
  readonly documents: ReadonlyMap<string, DocumentVersion>;
  readonly base: BaseVersion;
  access: Access;
  baseReadable: boolean;
  write(version: DocumentVersion): void;
  remove(name: string): void;
  writeBase(base: BaseVersion): void;
  /** The AWS service that keeps it, where one does. */
  readonly service: Shelf['service'];
  /** What the last read gave; undefined when there was none since {@link forget}. */
  readonly lastRead: SourceSnapshot['kind'] | undefined;
  readonly lastBaseRead: 'read' | 'failed' | undefined;
  /** Whether it stayed as it was since {@link forget}. */
  readonly unchanged: boolean;
  forget(): void;
  /** Without `told`, what a read gave is nobody's business. */
  source(turnstile: Turnstile, aws: Aws, told?: boolean): DocumentSource;
  /** Where a controller keeps what it owns: beside the documents, or in its own directory. */
  state(aws: Aws, owner: string): StatusStore;
  text(turnstile: Turnstile, aws: Aws): TextReader;
}

export function createLibrary(shelf: Shelf): Library {
  const documents = new Map<string, DocumentVersion>();
  let base: BaseVersion = { number: 0, kind: 'valid' };
  let lastRead: SourceSnapshot['kind'] | undefined;
  let lastBaseRead: 'read' | 'failed' | undefined;
  let unchanged = true;

  const list = (uri: string): readonly DocumentFile[] =>
    [...documents.values()].map((version) => ({
      file: `${uri}${version.name}.yaml`,
      text: documentText(version),
    }));
  const error = (where: string) =>
    transient({ reason: 'Unreadable', message: 'It cannot be read now.', where });
  const readNow = (uri: string): SourceSnapshot => {
    const files = list(uri);
    if (library.access === 'whole') return { kind: 'complete', uri, files };
    const seen = library.access === 'gone' ? [] : files.filter((_, index) => index % 2 === 0);
    return { kind: 'incomplete', uri, files: seen, error: error(uri) };
  };
  const library: Library = {
    documents,
    access: 'whole',
    baseReadable: true,
    service: shelf.service,
    get base() {
      return base;
    },
    get lastRead() {
      return lastRead;
    },
    get lastBaseRead() {
      return lastBaseRead;
    },
    get unchanged() {
      return unchanged;
    },
    forget() {
      lastRead = undefined;
      lastBaseRead = undefined;
      unchanged = true;
    },
    write(version) {
      unchanged = false;
      documents.set(version.name, version);
      shelf.put(`targets/${version.name}.yaml`, documentText(version));
    },
    remove(name) {
      unchanged = false;
      if (documents.delete(name)) shelf.remove(`targets/${name}.yaml`);
    },
    writeBase(next) {
      unchanged = false;
      base = next;
      shelf.put('prometheus.yml', baseText(next));
    },
    source(turnstile, aws, told = true) {
      const kept = shelf.uri === undefined ? undefined : aws.source(`${shelf.uri}targets/`);
      const uri = kept?.uri ?? 'chaos:targets/';
      return {
        uri,
        async read(signal) {
          const snapshot =
            kept === undefined || library.access !== 'whole'
              ? await turnstile.enter('read documents', async () => readNow(uri))
              : await kept.read(signal);
          if (told) lastRead = snapshot.kind;
          return snapshot;
        },
      };
    },
    state: (aws, owner) =>
      shelf.uri === undefined
        ? createDirectoryStatusStore(`${DIRECTORY}/state`, owner, inventoryPath)
        : aws.status(`${shelf.uri}state/`, owner, inventoryPath),
    text(turnstile, aws) {
      const kept = shelf.uri === undefined ? undefined : aws.text(`${shelf.uri}prometheus.yml`);
      const uri = kept?.uri ?? 'chaos:prometheus.yml';
      return {
        uri,
        async read(signal) {
          lastBaseRead = 'failed';
          const text =
            library.baseReadable && kept !== undefined ? await kept.read(signal) : await readBase();
          lastBaseRead = 'read';
          return text;
        },
      };
      function readBase(): Promise<string> {
        return turnstile.enter('read base configuration', async () => {
          if (!library.baseReadable) throw error(uri);
          return baseText(base);
        });
      }
    },
  };
  library.writeBase(base);
  return library;
}
