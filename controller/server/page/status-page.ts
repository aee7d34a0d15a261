import type { OperatorError } from '../../errors.ts';
import { formatError } from '../../errors.ts';
import { isDisruptive, subjectOf, tasksReplaced } from '../../plan/plan-json.ts';
import type { Clock, PassObservation, PassObserver } from '../../reconcile/ports.ts';
import type { PublishResult } from '../../state/outcomes.ts';
import { formatAge, type Since } from '../../status/age.ts';
import type { StatusDocument } from '../../status/stored-status.ts';
import type { Reply, Routes } from '../http.ts';
import { ASSETS } from './assets.ts';
import { html, type Html } from './html.ts';
import { page } from './layout.ts';
import { overview, type PendingRollout, type Reload } from './overview.ts';
import type { Tone } from './parts.ts';
import { story } from './story.ts';
import type { Filter } from './target-list.ts';

export interface StatusPageOptions {
  readonly clock: Clock;
  readonly owner: string;
  readonly version: string;
  readonly intervalMs: number;
  /** Nothing is changed and nothing is written. */
  readonly dryRun: boolean;
}

export interface StatusPage extends PassObserver {
  /** `/` for all ScrapeTargets, `/status/NAME` for one, and what they are made with. */
  readonly routes: Routes;
}

interface Seen {
  readonly status: StatusDocument | undefined;
  readonly passedAt: number | undefined;
  readonly tookMs: number;
  readonly failure: OperatorError | undefined;
  readonly rollouts: readonly PendingRollout[];
  readonly reloads: readonly Reload[];
}

const NOTHING_SEEN: Seen = {
  status: undefined,
  passedAt: undefined,
  tookMs: 0,
  failure: undefined,
  rollouts: [],
  reloads: [],
};

/** What `get` shows, for people who would rather look. It reads and never writes. */
export function createStatusPage(options: StatusPageOptions): StatusPage {
  const { clock, owner } = options;
  let seen = NOTHING_SEEN;
  const since: Since = (time) => clock.now() - Date.parse(time);
  const frame = (title: string, body: Html, status?: number): Reply =>
    page({ title: `${title} · ${owner}`, owner, line: line(seen, options), body }, status);

  return {
    passDone(pass) {
      seen = afterPass(seen, pass);
    },
    routes: new Map([
      ['/', (query) => frame(titleOf(seen), overview({ ...seen, filter: filterOf(query) }, since))],
      [
        '/status/',
        (_query, path) => {
          const name = path.slice('/status/'.length);
          const { status } = seen;
          const target = status?.scrapeTargets.find((one) => one.name === name);
          if (status === undefined || target === undefined) return frame('Unknown', unknownName(), 404);
          return frame(target.name, story(target, status, since));
        },
      ],
      ...ASSETS,
    ]),
  };
}

const unknownName = (): Html =>
  html`<section class="verdict quiet">
    <h1>No ScrapeTarget has this name.</h1>
    <p><a href="/">All ScrapeTargets</a></p>
  </section>`;

function filterOf(query: URLSearchParams): Filter {
  return { text: (query.get('name') ?? '').trim().slice(0, 63), open: query.get('show') === 'open' };
}

/** What a browser shows on its tab says whether it is worth a look. */
function titleOf({ status, failure }: Seen): string {
  if (failure !== undefined) return 'Failed';
  if (status === undefined) return 'Starting';
  const open = status.scrapeTargets.filter(({ result }) => result.kind !== 'done').length;
  return open === 0 ? 'Ready' : `${open} not ready`;
}

function line({ passedAt, tookMs }: Seen, { clock, version, intervalMs, dryRun }: StatusPageOptions): Html {
  const passed =
    passedAt === undefined
      ? 'no pass yet'
      : `last pass ${formatAge(clock.now() - passedAt)} ago, in ${(tookMs / 1000).toFixed(1)} s`;
  return html`${dryRun ? html`<strong>dry run</strong> · ` : ''}${passed} · every ${formatAge(intervalMs)} ·
  ${version}`;
}

function afterPass(before: Seen, { startedAt, finishedAt, result }: PassObservation): Seen {
  if (result.kind === 'failed') return { ...before, failure: result.error };
  const { status = before.status, publication } = result;
  const reload = publication?.kind === 'published' ? reloadOf(publication.result, finishedAt) : undefined;
  return {
    status,
    passedAt: finishedAt,
    tookMs: finishedAt - startedAt,
    failure: undefined,
    rollouts: pendingRollouts(result),
    reloads: reload === undefined ? before.reloads : [reload, ...before.reloads].slice(0, MOST_RELOADS),
  };
}

type Done = Extract<PassObservation['result'], { kind: 'done' }>;

/** Changes that replace tasks and were not made, each with what it waits for. */
function pendingRollouts({ plan, outcomes }: Done): readonly PendingRollout[] {
  const waiting = new Map(
    outcomes.flatMap(({ change, result }) => ('error' in result ? [[change, result.error] as const] : [])),
  );
  const made = new Set(outcomes.flatMap(({ change, result }) => ('error' in result ? [] : [change])));
  const pending = new Set([...plan.changes, ...waiting.keys()]);
  return [...pending]
    .filter((change) => isDisruptive(change) && !made.has(change))
    .map((change) => {
      const error = waiting.get(change);
      const why = error === undefined ? 'It is its turn in one of the next passes.' : formatError(error);
      return { target: change.target, subject: subjectOf(change), tasks: tasksReplaced(change), why };
    });
}

const MOST_RELOADS = 10;

/** Undefined where nothing was asked of Prometheus. */
function reloadOf({ reload, written, deleted }: PublishResult, at: number): Reload | undefined {
  const files = `${written.length} files written, ${deleted.length} deleted`;
  const told = (tone: Tone, word: string, message: string): Reload => ({
    at: new Date(at).toISOString(),
    tone,
    word,
    message,
  });
  switch (reload.kind) {
    case 'notNeeded':
    case 'notAsked':
      return undefined;
    case 'confirmed':
      return told('good', 'Confirmed', files);
    case 'rejected':
      return told(
        'bad',
        'Refused',
        `${reload.restored ? 'The last good configuration is in force again. ' : ''}${reload.message}`,
      );
    case 'pending':
      return told('wait', 'Owed', formatError(reload.error));
  }
}
