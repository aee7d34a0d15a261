import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fetch } from '../../controller/prometheus/api.ts';
import type { Clock } from '../../controller/reconcile/ports.ts';

/**
 * Prometheus as far as a publisher can tell: it reads its file when it starts and when it is told to,
 * and judges it by the words in it. `bad` does not load; `half` loads and fails in some component, so
 * that a part of it is in force; with `deadly` the process ends.
 */
export interface ModelPrometheus {
  readonly fetch: Fetch;
  /** What every component runs; undefined while it is down or runs a mixture. */
  readonly running: string | undefined;
  readonly up: boolean;
  readonly reloads: number;
  /** Starts with the file on disk, if it can: a service manager tries this again and again. */
  start(): Promise<void>;
  stop(): void;
  /** Answers so many calls more, and does what the next one asks but never answers it. Resolves then. */
  silentAfter(calls: number): Promise<void>;
  /** Answers again. */
  hear(): void;
  /** Answers 503: it replays its log. */
  starting: boolean;
}

export function modelPrometheus(directory: string, clock: Clock): ModelPrometheus {
  const read = () => readFile(join(directory, 'prometheus.yml'), 'utf8').catch(() => undefined);
  let running: string | undefined;
  let up = false;
  let success = true;
  let lastConfigTime = clock.now();
  let reloads = 0;
  let answers = Number.POSITIVE_INFINITY;
  let onSilence = () => {};

  const load = async (): Promise<Response> => {
    const text = await read();
    if (text?.includes('deadly') === true) {
      model.stop();
      throw connectionError('ECONNRESET');
    }
    success = text !== undefined && !/bad|half/.test(text);
    if (success) {
      running = text;
      lastConfigTime = clock.now();
      return answer(200, '');
    }
    if (text?.includes('half') === true) running = undefined;
    return answer(500, `failed to reload config: ${text?.match(/bad|half/)?.[0] ?? 'no file'}\n`);
  };
  const respond = async (path: string): Promise<Response> => {
    if (path === '/-/reload') {
      reloads += 1;
      return load();
    }
    if (path.endsWith('/status/config')) return json({ yaml: running ?? '' });
    const seconds = Math.floor(lastConfigTime / 1000) * 1000;
    return json({ reloadConfigSuccess: success, lastConfigTime: new Date(seconds).toISOString() });
  };
  const json = (data: unknown) => answer(200, JSON.stringify({ status: 'success', data }));
  const answer = (status: number, body: string) =>
    new Response(body, { status, headers: { date: new Date(clock.now()).toUTCString() } });

  const model = {
    silentAfter(calls: number) {
      answers = calls;
      return new Promise<void>((resolve) => {
        onSilence = resolve;
      });
    },
    hear() {
      answers = Number.POSITIVE_INFINITY;
    },
    starting: false,
    get running() {
      return running;
    },
    get up() {
      return up;
    },
    get reloads() {
      return reloads;
    },
    async fetch(url: string) {
      if (!up) throw connectionError('ECONNREFUSED');
      if (model.starting) return answer(503, 'Service Unavailable');
      const response = await respond(new URL(url).pathname);
      answers -= 1;
      if (answers >= 0) return response;
      onSilence();
      return new Promise<never>(() => {});
    },
    async start() {
      if (up) return;
      const text = await read();
      if (text === undefined || /bad|half|deadly/.test(text)) return;
      [up, running, success, lastConfigTime] = [true, text, true, clock.now()];
    },
    stop() {
      [up, running] = [false, undefined];
    },
  };
  return model;
}

function connectionError(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}
