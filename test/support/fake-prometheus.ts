import type { Fetch } from '../../controller/prometheus/api.ts';

/** How the reload endpoint answers next. */
export type ReloadAnswer = { readonly status: number; readonly body?: string };

export interface FakePrometheus {
  readonly fetch: Fetch;
  /** Method and path of every call. */
  readonly calls: string[];
  /** Answers to the next reloads, in order; after them every reload succeeds. */
  readonly answers: ReloadAnswer[];
  /** What every call meets instead of an answer. */
  outage: 'none' | 'refused' | 'starting' | 'hanging';
  /** Whether runtimeinfo shows a reload that was answered with 200. */
  showsReloads: boolean;
  /** The configuration in force; undefined where it is not told. */
  config: string | undefined;
}

/** The calls of the publisher answered from memory, with the status codes and words of Prometheus. */
export function fakePrometheus(now: () => number): FakePrometheus {
  let lastConfigTime = now();
  const fake: FakePrometheus = {
    calls: [],
    answers: [],
    outage: 'none',
    showsReloads: true,
    config: undefined,
    async fetch(url, init) {
      const path = new URL(url).pathname;
      fake.calls.push(`${init.method ?? 'GET'} ${path}`);
      if (fake.outage === 'refused') throw refused();
      if (fake.outage === 'hanging') return hang(init.signal ?? undefined);
      if (fake.outage === 'starting') return answer(503, 'Service Unavailable');
      if (path.endsWith('/-/reload')) return reload();
      if (path.endsWith('/status/buildinfo')) return json({ version: '2.42.0' });
      if (path.endsWith('/status/config')) return json({ yaml: fake.config });
      const lastTime = new Date(Math.floor(lastConfigTime / 1000) * 1000).toISOString();
      return json({ reloadConfigSuccess: true, lastConfigTime: lastTime });
    },
  };
  const reload = () => {
    const { status, body } = fake.answers.shift() ?? { status: 200 };
    if (status === 200 && fake.showsReloads) lastConfigTime = now();
    return answer(status, body ?? '');
  };
  const json = (data: unknown) => answer(200, JSON.stringify({ status: 'success', data }));
  const answer = (status: number, body: string) =>
    new Response(body, { status, headers: { date: new Date(now()).toUTCString() } });
  return fake;
}

function refused(): Error {
  const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9090'), { code: 'ECONNREFUSED' });
  return new TypeError('fetch failed', { cause });
}

function hang(signal: AbortSignal | undefined): Promise<Response> {
  return new Promise((_, reject) => {
    const abort = () => reject(signal?.reason);
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort);
  });
}
