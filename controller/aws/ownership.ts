import { terminal, transient } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import { OWNER_TAG } from '../plan/types.ts';
import type { CloudMapReadApi } from './api-cloudmap.ts';
import { decodeTags } from './decode-service.ts';
import { fields, items, text } from './values.ts';

type Tags = Readonly<Record<string, string>>;

/** Tags as AWS holds them now, past every cache: what is decided on them is a write. */
export async function readTagsNow(
  cloudMap: Pick<CloudMapReadApi, 'listTagsForResource'>,
  arn: string,
  signal: AbortSignal,
): Promise<Tags> {
  const answer = await cloudMap.listTagsForResource(
    { ResourceARN: arn },
    { where: `registry ${arn}`, signal },
  );
  return wholeTags(answer.Tags, `registry ${arn}`);
}

/** Tags say whose a registry is, and one that an answer leaves out would be written again: all of them, or none. */
export function wholeTags(raw: unknown, where: string): Tags {
  const whole = items(raw).every((tag) => {
    const { Key, Value } = fields(tag);
    return text(Key) !== undefined && typeof Value === 'string';
  });
  if (Array.isArray(raw) && whole) return decodeTags(raw, 'Key', 'Value');
  throw transient({
    reason: 'IncompleteAnswer',
    where,
    message: 'Cloud Map ListTagsForResource did not return the tags whole.',
  });
}

export function requireOwner(tags: Tags, owner: string, where: string): void {
  if (tags[OWNER_TAG] !== owner) throw conflictingOwner(tags, owner, where);
}

/** An owner tag of somebody else is never overwritten; none at all may be, when the document adopts. */
export function requireNoOtherOwner(tags: Tags, owner: string, where: string): void {
  const found = tags[OWNER_TAG];
  if (found !== undefined && found !== owner) throw conflictingOwner(tags, owner, where);
}

function conflictingOwner(tags: Tags, owner: string, where: string): OperatorError {
  const found = tags[OWNER_TAG];
  return terminal({
    reason: 'ConflictingOwner',
    where,
    message:
      found === undefined
        ? `The registry exists and carries no ${OWNER_TAG} tag.`
        : `The registry belongs to owner "${found}", and we are "${owner}".`,
    remedy:
      found === undefined
        ? 'Set `adopt: true` in the registry of the document to take it over, or choose another name.'
        : "Choose another registry name, or remove the other installation's owner tag first.",
  });
}
