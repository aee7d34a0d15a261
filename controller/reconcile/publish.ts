import { toOperatorError, waiting, type OperatorError } from '../errors.ts';
import type { Publication } from '../status/types.ts';
import type { View } from './look.ts';
import type { Publisher } from './ports.ts';

/** The read half of a pass. Never throws: files that cannot be written are a fault to tell, not the end of the pass. */
export async function publishView(
  view: View,
  publisher: Publisher,
  signal: AbortSignal,
): Promise<Publication> {
  const withheld = whyWithheld(view);
  if (withheld !== undefined) return { kind: 'withheld', error: withheld };
  try {
    return { kind: 'published', result: await publisher.publish(view.bundle, signal) };
  } catch (thrown) {
    return { kind: 'withheld', error: toOperatorError(thrown, 'PublishFailed') };
  }
}

/**
 * A source that never could be read since the start may hold any of the jobs that Prometheus has now:
 * until it is read once, a job without a document is not a job to remove.
 */
function whyWithheld(view: View): OperatorError | undefined {
  const unread = view.documents.incomplete.map(({ uri }) => uri);
  if (view.documents.whole) return undefined;
  return waiting({
    reason: 'SourceUnread',
    message: `${unread.join(', ')} could not be read yet, so the Prometheus files stay as they are.`,
    remedy: 'They are written as soon as every source has been read once.',
  });
}
