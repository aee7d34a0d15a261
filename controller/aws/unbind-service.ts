import type { UnbindService } from '../plan/types.ts';
import type { ChangeResult } from '../reconcile/ports.ts';
import { registryKey } from '../state/keys.ts';
import type { ObservedService, ServiceRegistryBinding } from '../state/observed.ts';
import { changedSincePlan, readService, rolloutInProgress } from './bind-service.ts';
import type { CallContext } from './budget.ts';
import { readTagsNow, requireOwner } from './ownership.ts';
import { equalBindings } from './recent-writes.ts';
import { sendWrite } from './send-write.ts';
import type { Writing } from './writing.ts';

/**
 * Takes one of our registries out of a service and leaves what else it names. Like a binding this starts a deployment
 * and has no compare-and-set, so the service and the owner of the registry are read once more right before.
 */
export async function unbindService(
  writing: Writing,
  change: UnbindService,
  signal: AbortSignal,
): Promise<ChangeResult> {
  const { service, registry, after } = change;
  const context: CallContext = { where: `ECS service ${service.clusterName}/${service.name}`, signal };
  const current = await readService(writing, change, signal);
  if (!names(current.serviceRegistries, registry.arn)) return { kind: 'unchanged' };
  requireOwner(
    await readTagsNow(writing.cloudMap, registry.arn, signal),
    writing.owner,
    `registry ${registryKey(registry)}`,
  );
  requireAsPlanned(change, current, context.where);
  const running = rolloutInProgress(current, context.where);
  if (running !== undefined) throw running;
  const input = { cluster: service.clusterArn, service: service.name, serviceRegistries: [...after] };
  await sendWrite<unknown>(
    () => writing.ecs.updateService(input, context),
    async () => {
      const now = await readService(writing, change, signal);
      return names(now.serviceRegistries, registry.arn) ? undefined : now;
    },
  );
  writing.writes.bound.set(service.arn, after);
  return { kind: 'applied' };
}

function requireAsPlanned(
  { service, before }: UnbindService,
  { arn, status, serviceRegistries }: ObservedService,
  where: string,
): void {
  if (arn !== service.arn || status !== 'ACTIVE') throw changedSincePlan(where, `The service is ${status}.`);
  if (!equalBindings(serviceRegistries, before))
    throw changedSincePlan(where, 'The service names other registries.');
}

const names = (bindings: readonly ServiceRegistryBinding[], arn: string): boolean =>
  bindings.some(({ registryArn }) => registryArn === arn);
