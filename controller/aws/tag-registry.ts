import type { TagRegistry, UntagRegistry } from '../plan/types.ts';
import type { ChangeResult } from '../reconcile/ports.ts';
import type { Writing } from './writing.ts';
import type { CallContext } from './budget.ts';
import { readTagsNow, requireNoOtherOwner, requireOwner } from './ownership.ts';
import { WRITE_MEMORY_MS } from './recent-writes.ts';
import { sendWrite } from './send-write.ts';

type Tags = Readonly<Record<string, string>>;

/** Writes the tags that differ. The owner is read again first: somebody may have taken the registry since. */
export async function tagRegistry(
  writing: Writing,
  { registry, adopts, after }: TagRegistry,
  signal: AbortSignal,
): Promise<ChangeResult> {
  const context: CallContext = { where: `registry ${registry.namespace}/${registry.name}`, signal };
  const current = await readTagsNow(writing.cloudMap, registry.arn, signal);
  (adopts ? requireNoOtherOwner : requireOwner)(current, writing.owner, context.where);
  const changed = Object.entries(after).filter(([key, value]) => current[key] !== value);
  const result: Tags = { ...current, ...after };
  if (changed.length > 0)
    await sendTagWrite(writing, registry.arn, context, result, () =>
      writing.cloudMap.tagResource(
        { ResourceARN: registry.arn, Tags: changed.map(([Key, Value]) => ({ Key, Value })) },
        context,
      ),
    );
  return finish(writing, registry.arn, result, changed.length);
}

/** Removes tags of ours whose value is still the one that the plan saw. */
export async function untagRegistry(
  writing: Writing,
  { registry, before }: UntagRegistry,
  signal: AbortSignal,
): Promise<ChangeResult> {
  const context: CallContext = { where: `registry ${registry.namespace}/${registry.name}`, signal };
  const current = await readTagsNow(writing.cloudMap, registry.arn, signal);
  requireOwner(current, writing.owner, context.where);
  const TagKeys = Object.keys(before).filter((key) => current[key] === before[key]);
  const result: Tags = Object.fromEntries(Object.entries(current).filter(([key]) => !TagKeys.includes(key)));
  if (TagKeys.length > 0)
    await sendTagWrite(writing, registry.arn, context, result, () =>
      writing.cloudMap.untagResource({ ResourceARN: registry.arn, TagKeys }, context),
    );
  return finish(writing, registry.arn, result, TagKeys.length);
}

/** Whatever comes of it, the tags that the reader has cached are not to be trusted any more. */
async function sendTagWrite(
  writing: Writing,
  arn: string,
  { signal }: CallContext,
  wanted: Tags,
  send: () => Promise<unknown>,
): Promise<void> {
  writing.writes.tags.delete(arn);
  await sendWrite<unknown>(send, async () =>
    equalTags(await readTagsNow(writing.cloudMap, arn, signal), wanted) ? wanted : undefined,
  );
}

function finish(writing: Writing, arn: string, tags: Tags, changes: number): ChangeResult {
  writing.writes.tags.set(arn, tags, WRITE_MEMORY_MS);
  return { kind: changes > 0 ? 'applied' : 'unchanged' };
}

function equalTags(left: Tags, right: Tags): boolean {
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => left[key] === right[key]);
}
