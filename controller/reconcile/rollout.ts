import type { ServiceRef } from '../api/types.ts';
import { waiting, terminal, type OperatorError } from '../errors.ts';
import { serviceKey } from '../state/keys.ts';
import type { ObservedService } from '../state/observed.ts';
import type { ChangeOutcome } from '../status/types.ts';
import type { Clock, CloudReader } from './ports.ts';

export interface RolloutOptions {
  /** Time between two looks at the service. */
  readonly pollMs: number;
  /** After this the rollout is left to itself: the next pass sees how it went on. */
  readonly timeoutMs: number;
}

/** How a rollout stands. Where ECS reports no rollout state, counts must do. */
export type RolloutState =
  | { readonly kind: 'done' }
  | { readonly kind: 'inProgress'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

/** How the service is to be when its deployment has ended: with the registry, or without it. */
export interface RolloutGoal {
  readonly registryArn: string;
  readonly named: boolean;
}

export function rolloutState(service: ObservedService, { registryArn, named }: RolloutGoal): RolloutState {
  const name = `service ${service.clusterName}/${service.name}`;
  const primary = service.deployments.find((deployment) => deployment.status === 'PRIMARY');
  if (service.serviceRegistries.some((binding) => binding.registryArn === registryArn) !== named) {
    return {
      kind: 'failed',
      message: `${name} ${named ? 'no longer names the registry' : 'names the registry again'}: its deployment was rolled back`,
    };
  }
  if (primary?.rolloutState === 'FAILED') {
    const why = primary.rolloutStateReason ?? 'ECS gives no reason';
    return { kind: 'failed', message: `the deployment of ${name} failed: ${why}` };
  }
  const settled =
    primary === undefined ||
    (service.deployments.length === 1 && (primary.rolloutState ?? 'COMPLETED') === 'COMPLETED');
  if (settled && service.runningCount >= service.desiredCount) return { kind: 'done' };
  return {
    kind: 'inProgress',
    message: `${name}: ${primary?.runningCount ?? service.runningCount} of ${service.desiredCount} new tasks are running`,
  };
}

/** Follows one rollout to its end; returns undefined when it is done, or why it is not. */
export async function waitForRollout(
  ref: ServiceRef,
  goal: RolloutGoal,
  ports: {
    readonly reader: CloudReader;
    readonly clock: Clock;
    readonly progress: (message: string) => void;
  },
  options: RolloutOptions,
  signal: AbortSignal,
): Promise<OperatorError | undefined> {
  const deadline = ports.clock.now() + options.timeoutMs;
  let last = `service ${serviceKey(ref)}: the rollout has begun`;
  while (!signal.aborted && ports.clock.now() < deadline) {
    const read = (await ports.reader.observeServices([ref], signal)).get(serviceKey(ref));
    if (read?.kind === 'complete' && read.value !== undefined) {
      const state = rolloutState(read.value, goal);
      if (state.kind === 'done') return undefined;
      if (state.kind === 'failed') return rollbackDetected(state.message);
      last = state.message;
    }
    ports.progress(last);
    await ports.clock.sleep(options.pollMs, signal);
  }
  return waiting({
    reason: 'DeploymentInProgress',
    message: `${last}; not waited for any longer.`,
    remedy: 'ECS goes on by itself; the next pass looks again.',
  });
}

/** What following a deployment ends with when it does not end well. */
const ENDS: ReadonlySet<string> = new Set(['RollbackDetected', 'DeploymentInProgress']);

/** Whether ECS has taken a change of registries, whatever became of it then. */
export function wasSent(result: ChangeOutcome['result']): boolean {
  return result.kind === 'applied' || (result.kind === 'failed' && ENDS.has(result.error.reason));
}

function rollbackDetected(message: string): OperatorError {
  return terminal({
    reason: 'RollbackDetected',
    message: `${message}.`,
    remedy: 'Look at the events of the ECS service; it is tried again when the document changes.',
  });
}
