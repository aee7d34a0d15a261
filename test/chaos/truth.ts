import type { Sandbox } from '../../controller/sandbox/server.ts';
import type { Place } from './world.ts';

/** The addresses at which tasks of a service ran, from `since` until the next moment begins. */
interface Moment {
  readonly since: number;
  readonly ips: ReadonlySet<string>;
}

/** Which tasks really run, now and lately, told by the sandbox's own state and by nothing that the controller reads. */
export interface Truth {
  /** Looks again. Call after everything that may have changed it. */
  note(): void;
  now(service: string): ReadonlySet<string>;
  /** Whether the task ran at some moment of the time between. */
  ranWithin(service: string, ip: string, from: number, to: number): boolean;
  /** Whether it did not run at some moment of the time between. */
  restedWithin(service: string, ip: string, from: number, to: number): boolean;
  /** All states of the time between. */
  within(service: string, from: number, to: number): readonly ReadonlySet<string>[];
}

const REMEMBERED = 200;
const NONE: ReadonlySet<string> = new Set();

export function createTruth(sandbox: Pick<Sandbox, 'ecs' | 'clock'>, places: readonly Place[]): Truth {
  const moments = new Map<string, Moment[]>(places.map(({ service }) => [service, []]));
  const note = (): void => {
    const running = new Map<string, Set<string>>();
    for (const task of sandbox.ecs.tasks()) {
      if (task.lastStatus !== 'RUNNING' || task.desiredStatus !== 'RUNNING') continue;
      const ip = task.networkInterface?.privateIp;
      if (ip === undefined) continue;
      running.set(task.service.name, (running.get(task.service.name) ?? new Set()).add(ip));
    }
    for (const [service, known] of moments) {
      const ips = running.get(service) ?? NONE;
      if (known.length > 0 && equalSets(known.at(-1)?.ips ?? NONE, ips)) continue;
      known.push({ since: sandbox.clock.now(), ips });
      if (known.length > REMEMBERED) known.shift();
    }
  };
  const within = (service: string, from: number, to: number): readonly ReadonlySet<string>[] => {
    const known = moments.get(service) ?? [];
    return known
      .filter(({ since }, index) => since <= to && (known[index + 1]?.since ?? Infinity) >= from)
      .map(({ ips }) => ips);
  };
  // Also states that do not last until somebody looks again.
  sandbox.ecs.watchTasks(note);
  note();
  return {
    note,
    within,
    now: (service) => moments.get(service)?.at(-1)?.ips ?? NONE,
    ranWithin: (service, ip, from, to) => within(service, from, to).some((ips) => ips.has(ip)),
    restedWithin: (service, ip, from, to) => within(service, from, to).some((ips) => !ips.has(ip)),
  };
}

export function equalSets(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return left.size === right.size && [...left].every((each) => right.has(each));
}

/** A list and the descriptions after it are of several moments: each target for itself must have been there at one of them. */
export const isBetween = (has: ReadonlySet<string>, states: readonly ReadonlySet<string>[]): boolean =>
  [...has].every((each) => states.some((state) => state.has(each))) &&
  [...(states[0] ?? [])].every((each) => has.has(each) || states.some((state) => !state.has(each)));
