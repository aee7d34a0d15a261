import { isAcceptable, markOf } from './documents.ts';
import type { DocumentVersion } from './documents.ts';
import type { Library } from './source.ts';

/** A version that may be the one in force: undefined stands for no document. */
export type Possible = readonly (DocumentVersion | undefined)[];

/** Which versions of documents a controller may go by, told by what authors wrote and which reads it finished. */
export interface PossibleVersions {
  of(name: string): Possible;
  /** Also those that writes on their way may still go by. */
  lately(name: string): readonly DocumentVersion[];
  /** Whether it may be gone, and a version that may have been the last to be seen asked for deletion. */
  mayBeLeft(name: string): boolean;
  /** By its mark, any version that was ever written. */
  written(mark: number): DocumentVersion | undefined;
  /** After a pass that read the documents whole, or may have. */
  learn(certain: boolean): void;
  /** What the controller owns was stored, as the versions of this moment say. */
  stored(): void;
  /** An answer left out a document, and nobody could see it. */
  doubt(): void;
}

/** A write may have to wait for its turn for so long. */
const WRITE_MS = 120_000;

export function createPossibleVersions(
  library: Library,
  names: readonly string[],
  now: () => number,
): PossibleVersions {
  const possible = new Map<string, Possible>(names.map((name) => [name, [undefined]]));
  const written = new Map<number, DocumentVersion>();
  let dropped: readonly { readonly version: DocumentVersion; readonly at: number }[] = [];
  /** Of each name, the versions that the controller may have stored last. */
  const lastSeen = new Map<string, readonly DocumentVersion[]>();
  const of = (name: string): Possible => possible.get(name) ?? [undefined];

  const believe = (name: string, versions: Possible): void => {
    const gone = of(name).flatMap((version) =>
      version === undefined || versions.includes(version) ? [] : [{ version, at: now() }],
    );
    dropped = [...dropped.filter(({ at }) => at > now() - WRITE_MS), ...gone];
    possible.set(name, versions);
    lastSeen.set(name, [...new Set([...(lastSeen.get(name) ?? []), ...present(versions)])]);
  };
  let doubted = false;
  return {
    of,
    lately: (name) => [
      ...of(name).flatMap((version) => (version === undefined ? [] : [version])),
      ...dropped.flatMap(({ version, at }) =>
        version.name === name && at > now() - WRITE_MS ? [version] : [],
      ),
    ],
    mayBeLeft: (name) =>
      of(name).includes(undefined) && (lastSeen.get(name) ?? []).some(({ deletes }) => deletes),
    written: (mark) => written.get(mark),
    stored() {
      for (const name of names) {
        const seen = present(of(name));
        // What may not have been read yet does not take the place of what was.
        const before = of(name).includes(undefined) ? (lastSeen.get(name) ?? []) : [];
        if (seen.length > 0) lastSeen.set(name, [...new Set([...before, ...seen])]);
      }
    },
    doubt() {
      doubted = true;
      for (const name of names) believe(name, [...new Set([...of(name), undefined])]);
    },
    learn(isCertain) {
      const certain = isCertain && !doubted;
      doubted = false;
      for (const name of names) {
        const current = library.documents.get(name);
        if (current !== undefined) written.set(markOf(current), current);
        if (current !== undefined && !isAcceptable(current)) continue;
        believe(name, certain ? [current] : [...new Set([...of(name), current])]);
      }
    },
  };
}

const present = (versions: Possible): readonly DocumentVersion[] =>
  versions.filter((version) => version !== undefined);
