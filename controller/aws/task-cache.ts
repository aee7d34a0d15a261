import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../reconcile/ports.ts';
import type { ObservedTask } from '../state/observed.ts';
import { createCache } from './cache.ts';

/**
 * Tasks that have settled do not move: their addresses and ports stay until they stop, and then ECS no
 * longer lists them. So they are described again only now and then, for what does change (health).
 */
export interface TaskCache {
  /**
   * Of these, those that are to be described now: what is not known or has not settled, and of the others the
   * longest due, a few at a time.
   */
  due(arns: readonly string[]): readonly string[];
  get(arn: string): ObservedTask | undefined;
  /** For when describing fails: the task is not forgotten meanwhile. */
  keep(arn: string): ObservedTask | undefined;
  /** Returns the task as it was known, when nothing of it has changed: ten thousand are not kept twice. */
  remember(task: ObservedTask): ObservedTask;
}

interface Entry {
  readonly task: ObservedTask;
  readonly describeAgainAt: number;
}

/** DescribeTasks takes so many. */
export const TASKS_IN_A_CALL = 100;
const DESCRIBE_AGAIN_MS = 300_000;
const AT_ONCE = 0;
/** A task that no listing has shown for so long is forgotten. */
const FORGET_MS = 900_000;
const MAX_TASKS = 50_000;

export function createTaskCache(clock: Pick<Clock, 'now'>): TaskCache {
  const entries = createCache<Entry>({ clock, ttlMs: FORGET_MS, maxEntries: MAX_TASKS });
  return {
    due(arns) {
      const now = clock.now();
      const overdue = arns
        .map((arn) => ({ arn, at: entries.get(arn)?.describeAgainAt ?? AT_ONCE }))
        .filter(({ at }) => at <= now)
        .sort((a, b) => a.at - b.at);
      const urgent = overdue.filter(({ at }) => at <= now - DESCRIBE_AGAIN_MS).length;
      return overdue.slice(0, Math.max(urgent, shareOf(arns.length))).map(({ arn }) => arn);
    },
    get: (arn) => entries.get(arn)?.task,
    keep(arn) {
      const entry = entries.get(arn);
      if (entry !== undefined) entries.set(arn, entry);
      return entry?.task;
    },
    remember(told) {
      const known = entries.get(told.arn)?.task;
      const task = known !== undefined && isDeepStrictEqual(known, told) ? known : told;
      const describeAgainAt = isSettled(task) ? clock.now() + DESCRIBE_AGAIN_MS * spread(task.id) : AT_ONCE;
      entries.set(task.arn, { task, describeAgainAt });
      return task;
    },
  };
}

/** A tenth in whole batches, so that no observation is dearer than another. */
const shareOf = (tasks: number): number => TASKS_IN_A_CALL * Math.ceil(tasks / TASKS_IN_A_CALL / 10);

function isSettled(task: ObservedTask): boolean {
  const addressed =
    task.ipv4 !== undefined || task.ipv6 !== undefined || task.containerInstanceArn !== undefined;
  return task.lastStatus === 'RUNNING' && addressed && task.group !== undefined;
}

/** Between 0.75 and 1.25, the same for the same task: tasks that started together are not all due together. */
function spread(id: string): number {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1000;
  return 0.75 + hash / 2000;
}
