import PQueue from 'p-queue';
import type { OperatorError } from '../errors.ts';
import { toOperatorError, waiting } from '../errors.ts';
import { isDeparture, isDisruptive, subjectOf } from '../plan/plan-json.ts';
import type { BindService, Change, Plan, UnbindService } from '../plan/types.ts';
import { registryKey } from '../state/keys.ts';
import type { ChangeOutcome } from '../status/types.ts';
import { noteBinding, noteUnbinding, type InventoryKeeper } from './inventory-keeper.ts';
import type { ChangeResult, CloudReader, CloudWriter, Clock } from './ports.ts';
import { waitForRollout, type RolloutOptions } from './rollout.ts';

export interface ApplyOptions {
  /** Rollouts under way at once, those of earlier passes included. */
  readonly maxRollouts: number;
  /** Follow every rollout to its end (`apply`), or leave it to the next pass (`run`). */
  readonly rollout: RolloutOptions | 'leave';
}

export interface ApplyPorts {
  readonly writer: CloudWriter;
  readonly reader: CloudReader;
  readonly clock: Clock;
  readonly progress: (message: string) => void;
  /** Called before a binding is sent, which a process that is killed just then must not forget. */
  readonly beforeBinding?: (change: BindService) => Promise<void>;
  /** Remembers bindings and unbindings before they are sent. */
  readonly inventory?: InventoryKeeper | undefined;
}

/** ScrapeTargets do not depend on one another, so their registry changes run side by side; AWS budgets bound the rate. */
const REGISTRY_CONCURRENCY = 8;

/** A write in hand is finished also when the process is asked to stop; its calls have time-outs of their own. */
const NEVER = new AbortController().signal;

/**
 * Executes a plan: first everything that disturbs nobody, then the bindings within the bound on rollouts.
 * A failure stops the further changes of its own ScrapeTarget only. `signal` stops before the next change.
 */
export async function applyPlan(
  plan: Plan,
  ports: ApplyPorts,
  options: ApplyOptions,
  signal: AbortSignal,
): Promise<readonly ChangeOutcome[]> {
  const outcomes = new Map<Change, ChangeOutcome['result']>();
  const registryArns = new Map<string, string>();
  const failed = new Set<string>();

  const attempt = async (change: Change): Promise<void> => {
    const result = await attemptChange(change);
    outcomes.set(change, result);
    if (result.kind === 'failed' || result.kind === 'held') failed.add(sequenceOf(change));
    if ('registryArn' in result && result.registryArn !== undefined && change.kind === 'createRegistry') {
      registryArns.set(
        registryKey({ namespace: change.namespace.name, name: change.name }),
        result.registryArn,
      );
    }
  };

  const attemptChange = async (change: Change): Promise<ChangeOutcome['result']> => {
    if (signal.aborted) return { kind: 'held', error: stopping() };
    if (isDeparture(change) && change.waitsUntil !== undefined)
      return { kind: 'held', error: deleting(change, change.waitsUntil) };
    if (failed.has(sequenceOf(change))) return { kind: 'held', error: afterFailure(change) };
    ports.progress(describeChange(change));
    const result = await send(change);
    if (!isDisruptive(change) || options.rollout === 'leave' || result.kind !== 'applied') return result;
    const goal =
      change.kind === 'unbindService'
        ? { registryArn: change.registry.arn, named: false }
        : {
            registryArn: change.after.registryArn ?? registryArns.get(registryKey(change.registry)) ?? '',
            named: true,
          };
    const error = await waitForRollout(
      { cluster: change.service.clusterArn, service: change.service.name },
      goal,
      ports,
      options.rollout,
      signal,
    );
    return error === undefined ? result : { kind: 'failed', error };
  };

  const send = async (change: Change): Promise<ChangeResult> => {
    try {
      const error = await note(change);
      if (error !== undefined) return { kind: 'failed', error };
      return await ports.writer.apply(change, registryArns, NEVER);
    } catch (thrown) {
      return { kind: 'failed', error: toOperatorError(thrown) };
    }
  };

  const note = async (change: Change): Promise<OperatorError | undefined> => {
    if (change.kind === 'unbindService') return noteUnbinding(ports.inventory, change, NEVER);
    if (change.kind !== 'bindService') return undefined;
    await ports.beforeBinding?.(change);
    return noteBinding(ports.inventory, change, ports.clock.now(), NEVER);
  };

  const due = plan.changes.filter((change) => {
    const waits = isDeparture(change) ? change.waitsUntil : undefined;
    if (waits !== undefined) outcomes.set(change, { kind: 'held', error: deleting(change, waits) });
    return waits === undefined;
  });
  const queue = new PQueue({ concurrency: REGISTRY_CONCURRENCY });
  await Promise.all(
    [
      ...groupByTarget(
        due.filter((change) => !isDisruptive(change)),
        sequenceOf,
      ).values(),
    ].map((changes) =>
      queue.add(async () => {
        for (const change of changes) await attempt(change);
      }),
    ),
  );

  const bindings = due.filter(isDisruptive);
  const free = Math.max(0, options.maxRollouts - plan.rollouts.length);
  const admitted = free === 0 ? 0 : options.rollout === 'leave' ? free : bindings.length;
  for (const change of bindings.slice(admitted))
    outcomes.set(change, { kind: 'held', error: noSlot(change, options) });
  const rollouts = new PQueue({ concurrency: Math.max(1, free) });
  await Promise.all(bindings.slice(0, admitted).map((change) => rollouts.add(() => attempt(change))));

  return plan.changes.flatMap((change) => {
    const result = outcomes.get(change);
    return result === undefined ? [] : [{ change, result }];
  });
}

/** Changes of which one waits for the success of the other: what a document wants, and what one has left behind. */
export function sequenceOf(change: Change): string {
  return isDeparture(change) ? `${change.target} ${change.registry.arn}` : change.target;
}

/** `Map.groupBy`, which Node.js 20 does not have. */
export function groupByTarget<T>(items: readonly T[], targetOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(targetOf(item));
    if (group === undefined) groups.set(targetOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function describeChange(change: Change): string {
  switch (change.kind) {
    case 'createRegistry':
      return `creating registry ${change.namespace.name}/${change.name}`;
    case 'updateRegistry':
      return `updating registry ${change.registry.namespace}/${change.registry.name}`;
    case 'tagRegistry':
      return `tagging registry ${change.registry.namespace}/${change.registry.name}`;
    case 'untagRegistry':
      return `removing tags of registry ${change.registry.namespace}/${change.registry.name}`;
    case 'bindService':
      return `binding service ${change.service.clusterName}/${change.service.name}`;
    case 'unbindService':
      return `taking service ${change.service.clusterName}/${change.service.name} out of registry ${registryKey(change.registry)}`;
    case 'deleteRegistry':
      return `deleting registry ${registryKey(change.registry)}`;
  }
}

function stopping(): OperatorError {
  return waiting({
    reason: 'Stopping',
    message: 'not sent: the controller is stopping.',
    remedy: 'The next pass makes this change.',
  });
}

function afterFailure(change: Change): OperatorError {
  return waiting({
    reason: 'Progressing',
    message: `not sent: an earlier change for ScrapeTarget ${change.target} did not succeed.`,
    remedy: 'It follows in the pass in which that change succeeds.',
  });
}

function deleting(change: Change, waitsUntil: string): OperatorError {
  return waiting({
    reason: 'Deleting',
    message: `${subjectOf(change)} waits until ${waitsUntil}.`,
    remedy: 'Nothing to do: it goes on by itself.',
  });
}

function noSlot(change: BindService | UnbindService, options: ApplyOptions): OperatorError {
  return waiting({
    reason: 'WaitingForRollout',
    message: `service ${change.service.clusterName}/${change.service.name} is not changed yet: at most ${options.maxRollouts} rollout(s) run at once.`,
    remedy: 'It is changed when the present rollout has finished; --max-rollouts sets the bound.',
  });
}
