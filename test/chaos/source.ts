import { transient } from '../../controller/errors.ts';
import type { DocumentFile } from '../../controller/api/types.ts';
import type { DocumentSource, SourceSnapshot, TextReader } from '../../controller/reconcile/ports.ts';
import { baseText, documentText } from './documents.ts';
import type { BaseVersion, DocumentVersion } from './documents.ts';
import type { Turnstile } from './turnstile.ts';

export const SOURCE = 'chaos:targets';
export const BASE = 'chaos:prometheus.yml';

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
  /** What the last read gave; undefined when there was none since {@link forget}. */
  readonly lastRead: SourceSnapshot['kind'] | undefined;
  readonly lastBaseRead: 'read' | 'failed' | undefined;
  forget(): void;
  source(turnstile: Turnstile): DocumentSource;
  text(turnstile: Turnstile): TextReader;
}

export function createLibrary(): Library {
  const documents = new Map<string, DocumentVersion>();
  let base: BaseVersion = { number: 0, kind: 'valid' };
  let lastRead: SourceSnapshot['kind'] | undefined;
  let lastBaseRead: 'read' | 'failed' | undefined;

  const list = (): readonly DocumentFile[] =>
    [...documents.values()].map((version) => ({ file: `${version.name}.yaml`, text: documentText(version) }));
  const error = (where: string) =>
    transient({ reason: 'Unreadable', message: 'It cannot be read now.', where });
  const read = (): SourceSnapshot => {
    const files = list();
    if (library.access === 'whole') return { kind: 'complete', uri: SOURCE, files };
    const seen = library.access === 'gone' ? [] : files.filter((_, index) => index % 2 === 0);
    return { kind: 'incomplete', uri: SOURCE, files: seen, error: error(SOURCE) };
  };
  const library: Library = {
    documents,
    access: 'whole',
    baseReadable: true,
    get base() {
      return base;
    },
    get lastRead() {
      return lastRead;
    },
    get lastBaseRead() {
      return lastBaseRead;
    },
    forget() {
      lastRead = undefined;
      lastBaseRead = undefined;
    },
    write: (version) => documents.set(version.name, version),
    remove: (name) => documents.delete(name),
    writeBase(next) {
      base = next;
    },
    source: (turnstile) => ({
      uri: SOURCE,
      read: () =>
        turnstile.enter('read documents', async () => {
          const snapshot = read();
          lastRead = snapshot.kind;
          return snapshot;
        }),
    }),
    text: (turnstile) => ({
      uri: BASE,
      read: () =>
        turnstile.enter('read base configuration', async () => {
          lastBaseRead = library.baseReadable ? 'read' : 'failed';
          if (!library.baseReadable) throw error(BASE);
          return baseText(base);
        }),
    }),
  };
  return library;
}
