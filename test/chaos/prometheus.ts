import { load } from 'js-yaml';
import { DIRECTORY } from './memory-files.ts';
import type { Fetch } from '../../controller/prometheus/api.ts';
import type { MemoryFiles } from './memory-files.ts';

/** A job of the configuration in force. */
export interface LoadedJob {
  /** Below the bundle directory. */
  readonly file: string;
  /** `sample_limit`: by it a simulation knows the version of the document. */
  readonly mark: number | undefined;
}

export interface LoadedConfig {
  readonly text: string;
  readonly jobs: ReadonlyMap<string, LoadedJob>;
  readonly base: string | undefined;
}

export interface PrometheusWatcher {
  onConfig(before: LoadedConfig | undefined, now: LoadedConfig | undefined, why: string): void;
  /** The targets of a job changed without a change of the configuration. */
  onTargets(file: string, before: ReadonlySet<string>, now: ReadonlySet<string>): void;
  /** It is asked to load this. */
  onReload(text: string): void;
}

/**
 * Prometheus as far as its files reach: it loads its configuration when it starts and when it is told to, and follows
 * the target files by itself. A file that is bad leaves the targets as they were; one that is gone takes them away.
 */
export interface ChaosPrometheus {
  readonly fetch: Fetch;
  readonly config: LoadedConfig | undefined;
  readonly up: boolean;
  targetsOf(file: string): ReadonlySet<string>;
  /** How it meets calls: as usual, 503 while it replays its log, never, or with a connection that breaks after the effect. */
  mood: 'ready' | 'starting' | 'silent' | 'breaking';
  stop(): void;
  /** Whether it could. */
  start(): boolean;
  /** Follows the files. */
  refresh(): void;
}

const NONE: ReadonlySet<string> = new Set();

export const canLoad = (text: string): boolean => !/poison|halfway/.test(text);

export function chaosPrometheus(
  files: MemoryFiles,
  now: () => number,
  watcher: PrometheusWatcher,
  directory: string = DIRECTORY,
): ChaosPrometheus {
  const configPath = `${directory}/prometheus.yml`;
  let up = false;
  let config: LoadedConfig | undefined;
  let success = true;
  let lastConfigTime = 0;
  let targets = new Map<string, ReadonlySet<string>>();
  let seen = -1;

  const readTargets = (file: string, before: ReadonlySet<string>): ReadonlySet<string> => {
    const text = files.read(`${directory}/${file}`);
    if (text === undefined) return NONE;
    return addressesOf(text) ?? before;
  };
  const refresh = (): void => {
    if (!up || seen === files.version) return;
    seen = files.version;
    for (const { file } of config?.jobs.values() ?? []) {
      const before = targets.get(file) ?? NONE;
      const after = readTargets(file, before);
      targets.set(file, after);
      watcher.onTargets(file, before, after);
    }
  };
  const apply = (text: string, why: string): void => {
    const next = parseConfig(text);
    const before = config;
    config = next;
    targets = new Map(
      [...next.jobs.values()].map(({ file }) => [file, readTargets(file, targets.get(file) ?? NONE)]),
    );
    seen = files.version;
    watcher.onConfig(before, next, why);
  };
  const reload = (): Response => {
    const text = files.read(configPath);
    watcher.onReload(text ?? '');
    if (text === undefined || text.includes('poison')) {
      success = false;
      return answer(500, "failed to reload config: couldn't load configuration: poison is not allowed\n");
    }
    success = !text.includes('halfway');
    apply(text, 'reload');
    if (!success)
      return answer(
        500,
        'failed to reload config: one or more errors occurred while applying the new configuration\n',
      );
    lastConfigTime = now();
    return answer(200, '');
  };
  const respond = (path: string): Response => {
    if (prometheus.mood === 'starting') return answer(503, 'Service Unavailable');
    if (path.endsWith('/-/reload')) return reload();
    if (path.endsWith('/status/buildinfo')) return json({ version: '3.1.0' });
    if (path.endsWith('/status/config')) return json({ yaml: config?.text });
    const seconds = Math.floor(lastConfigTime / 1000) * 1000;
    return json({ reloadConfigSuccess: success, lastConfigTime: new Date(seconds).toISOString() });
  };
  const answer = (status: number, body: string): Response =>
    new Response(body, { status, headers: { date: new Date(now()).toUTCString() } });
  const json = (data: unknown): Response => answer(200, JSON.stringify({ status: 'success', data }));

  const prometheus: ChaosPrometheus = {
    mood: 'ready',
    get config() {
      return config;
    },
    get up() {
      return up;
    },
    targetsOf: (file) => targets.get(file) ?? NONE,
    async fetch(url) {
      if (!up) throw broken('ECONNREFUSED');
      const response = respond(new URL(url).pathname);
      if (prometheus.mood === 'breaking') throw broken('ECONNRESET');
      return response;
    },
    stop() {
      up = false;
      config = undefined;
      targets = new Map();
      watcher.onConfig(config, undefined, 'stop');
    },
    start() {
      if (up) return true;
      const text = files.read(configPath);
      if (text === undefined || !canLoad(text)) return false;
      [up, success, lastConfigTime] = [true, true, now()];
      apply(text, 'start');
      return true;
    },
    refresh,
  };
  return prometheus;
}

function broken(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}

/** The addresses of a target file; undefined where Prometheus would refuse it. */
export function addressesOf(text: string): ReadonlySet<string> | undefined {
  try {
    const groups: unknown = JSON.parse(text);
    if (!Array.isArray(groups)) return undefined;
    const lists = groups.map((group: unknown): unknown => Reflect.get(Object(group), 'targets'));
    if (!lists.every((list) => Array.isArray(list))) return undefined;
    return new Set(lists.flat().map(String));
  } catch {
    return undefined;
  }
}

export function parseConfig(text: string): LoadedConfig {
  const root: object = Object(load(text));
  const scrape: unknown = Reflect.get(root, 'scrape_configs');
  const external: object = Object(Reflect.get(Object(Reflect.get(root, 'global')), 'external_labels'));
  const jobs = (Array.isArray(scrape) ? scrape : []).map((job: unknown) => {
    const { job_name: name, sample_limit: mark, file_sd_configs: sd } = Object(job);
    const file = String(sd?.[0]?.files?.[0] ?? '');
    return [String(name), { file: file.slice(file.indexOf('targets/')), mark: Number(mark) }] as const;
  });
  const base: unknown = Reflect.get(external, 'base');
  return { text, jobs: new Map(jobs), base: typeof base === 'string' ? base : undefined };
}
