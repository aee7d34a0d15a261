import { nearest } from '../api/suggest.ts';
import { compareText } from '../state/keys.ts';
import { TARGETS_DIRECTORY, type TargetFile } from '../state/targets.ts';
import { notFound, unavailable, type Reply, type Route, type Routes } from './http.ts';

/** What Prometheus is told after a pass. */
export interface ShownTargets {
  /** Target files by path; undefined when the pass told Prometheus nothing. */
  readonly files: ReadonlyMap<string, TargetFile> | undefined;
  /** Whether every source has been read: otherwise a file that is missing may only be unread. */
  readonly whole: boolean;
  /** Of registries without a document; undefined where nobody looks for them. */
  readonly tagged: ShownTagged | undefined;
}

export interface ShownTagged {
  /** Target groups in the format of http_sd. */
  readonly json: string;
  /** Why some of them could not be read now; those that were known before are among the others. */
  readonly unread: string | undefined;
}

export interface TargetLists {
  show(targets: ShownTargets): void;
  /** For http_sd_configs. */
  readonly routes: Routes;
}

/** The text of a target file as Prometheus has it on disk; undefined where there is none. */
export type FileOnDisk = (path: string) => Promise<string | undefined>;

/**
 * Target groups for http_sd_configs. Prometheus takes an answer for the whole truth and keeps what it has when there is
 * none: so nothing is shown before it is known, and an empty list only when a complete read found nothing.
 */
export function createTargetLists(onDisk: FileOnDisk = async () => undefined): TargetLists {
  const files = new Map<string, TargetFile | 'gone'>();
  let seen = false;
  let whole = false;
  let taggedWhole = false;
  let tagged = unavailable(NO_PASS);

  async function textOf(path: string): Promise<string> {
    const file = files.get(path);
    if (file === 'gone') return '[]';
    const text = file?.kind === 'write' ? file.text : await onDisk(path);
    return text ?? '';
  }

  async function listOf(name: string, endpoint: string | undefined): Promise<Reply> {
    if (!seen) return unavailable(NO_PASS);
    const prefix = `${TARGETS_DIRECTORY}/${name}.`;
    const own = [...files.keys()].filter((path) => path.startsWith(prefix));
    const wanted =
      endpoint === undefined
        ? own.filter(isThere)
        : own.filter((path) => path === `${prefix}${endpoint}.json`);
    if (wanted.length > 0) return mergedReply(await Promise.all(wanted.map(textOf)));
    if (own.length > 0 && endpoint === undefined) return json('[]\n');
    if (!whole) return unavailable('Not all documents have been read yet; the log tells why.');
    return notFound(own.length === 0 ? unknownName(name) : unknownEndpoint(name, endpoint, prefix, own));
  }

  const isThere = (path: string): boolean => files.get(path) !== 'gone';

  function unknownName(name: string): string {
    const names = [...new Set([...files.keys()].filter(isThere).map(nameOf))].toSorted(compareText);
    const near = nearest(name, names);
    if (near !== undefined) return `No ScrapeTarget ${name} is in force. Did you mean ${near}?`;
    const more = names.length > SOME ? ` and ${names.length - SOME} more` : '';
    return `No ScrapeTarget ${name} is in force. There is ${names.slice(0, SOME).join(', ') || 'none'}${more}.`;
  }

  return {
    show({ files: fresh, whole: allRead, tagged: found }) {
      if (fresh !== undefined) {
        seen = true;
        whole ||= allRead;
        if (allRead) for (const path of files.keys()) if (!fresh.has(path)) files.set(path, 'gone');
        for (const [path, file] of fresh)
          if (file.kind === 'write' || !files.has(path) || !isThere(path)) files.set(path, file);
      }
      if (found === undefined) tagged = notFound('Registries without a document are not looked for.');
      else {
        taggedWhole ||= found.unread === undefined;
        tagged = taggedWhole ? json(found.json) : unavailable(found.unread ?? '');
      }
    },
    routes: new Map<string, Route>([
      ['/prometheus-targets', () => tagged],
      [
        '/targets/',
        async (_query, path) => {
          const [, name = '', endpoint] = PATH.exec(path) ?? [];
          return name === ''
            ? notFound('The path is /targets/NAME or /targets/NAME/ENDPOINT.')
            : listOf(name, endpoint);
        },
      ],
    ]),
  };
}

/** Names that fit on a line. */
const SOME = 10;

const NO_PASS = 'The first pass is not over yet.';

/** Names of ScrapeTargets and endpoints are DNS labels. */
const PATH = /^\/targets\/([a-z0-9-]{1,63})(?:\/([a-z0-9-]{1,63}))?$/;

const nameOf = (path: string): string => path.slice(TARGETS_DIRECTORY.length + 1).split('.')[0] ?? '';

function unknownEndpoint(
  name: string,
  endpoint: string | undefined,
  prefix: string,
  paths: readonly string[],
): string {
  const endpoints = paths.map((path) => path.slice(prefix.length, -'.json'.length));
  return `ScrapeTarget ${name} has no endpoint ${endpoint ?? ''}. It has ${endpoints.join(', ')}.`;
}

/** One list of them all; a file that is not there or damaged makes none, rather than a shorter one. */
function mergedReply(texts: readonly string[]): Reply {
  const groups: unknown[] = [];
  for (const text of texts) {
    const list = parseList(text);
    if (list === undefined) return unavailable('The targets are not known yet.');
    groups.push(...list);
  }
  return json(`${JSON.stringify(groups, undefined, 2)}\n`);
}

function parseList(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const json = (body: string): Reply => ({ status: 200, contentType: 'application/json; charset=utf-8', body });
