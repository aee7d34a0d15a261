import type { Clock, PassObservation, PassObserver } from '../reconcile/ports.ts';
import type { ReloadResult } from '../state/outcomes.ts';
import type { Publication } from '../status/types.ts';

/** One thing that must be so before others may rely on this controller. */
export interface Check {
  /** Stable, for probes that look at one of them. */
  readonly name: string;
  /** What is wrong; undefined when nothing is. */
  readonly problem: string | undefined;
}

export interface Health extends PassObserver {
  readonly readiness: () => readonly Check[];
}

export interface HealthOptions {
  readonly clock: Clock;
  readonly intervalMs: number;
}

/** A pass that is late by as much has stopped, or is held up by something a person should see. */
const LATE_INTERVALS = 3;

interface Seen {
  /** A pass came to its end and everything that it found was published. */
  readonly published: boolean;
  readonly lastPassAt: number | undefined;
  readonly prometheus: 'notAsked' | 'reached' | 'unconfirmed' | 'unknown';
}

export function createHealth({ clock, intervalMs }: HealthOptions): Health {
  let seen: Seen = { published: false, lastPassAt: undefined, prometheus: 'unknown' };
  return {
    passDone(pass) {
      seen = foldSeen(seen, pass);
    },
    readiness: () => [
      { name: 'first-pass', problem: firstPassProblem(seen) },
      { name: 'recent-pass', problem: recentPassProblem(seen, clock.now(), LATE_INTERVALS * intervalMs) },
      { name: 'prometheus', problem: PROMETHEUS_PROBLEMS[seen.prometheus] },
    ],
  };
}

function foldSeen(before: Seen, { result, finishedAt }: PassObservation): Seen {
  if (result.kind === 'failed') return before;
  const { publication } = result;
  return {
    published: before.published || publication?.kind !== 'withheld',
    lastPassAt: finishedAt,
    prometheus: prometheusAfter(before.prometheus, publication),
  };
}

function prometheusAfter(
  before: Seen['prometheus'],
  publication: Publication | undefined,
): Seen['prometheus'] {
  if (publication === undefined) return 'notAsked';
  return publication.kind === 'withheld' ? before : REACHED[publication.result.reload.kind];
}

/** A refusal is an answer, too: what Prometheus does not like is a matter for conditions, not for readiness. */
const REACHED: Readonly<Record<ReloadResult['kind'], Seen['prometheus']>> = {
  notAsked: 'notAsked',
  notNeeded: 'reached',
  confirmed: 'reached',
  rejected: 'reached',
  pending: 'unconfirmed',
};

const PROMETHEUS_PROBLEMS: Readonly<Record<Seen['prometheus'], string | undefined>> = {
  notAsked: undefined,
  reached: undefined,
  unconfirmed: 'Prometheus did not confirm the newest configuration',
  unknown: 'Prometheus was not asked yet',
};

function firstPassProblem({ published, lastPassAt }: Seen): string | undefined {
  if (published) return undefined;
  return lastPassAt === undefined ? 'no pass came to its end yet' : 'nothing could be published yet';
}

function recentPassProblem({ lastPassAt }: Seen, now: number, late: number): string | undefined {
  if (lastPassAt === undefined) return 'no pass came to its end yet';
  const age = now - lastPassAt;
  return age <= late ? undefined : `the last pass ended ${Math.round(age / 1000)} s ago`;
}
