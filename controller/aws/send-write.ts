import { formatError, toOperatorError, transient, type OperatorError } from '../errors.ts';
import { isAmbiguous } from './errors.ts';

/**
 * Sends a write exactly once. When no answer came, the write may have had its effect: `landed` reads
 * the world and compares. What is not there is left to the next pass, which plans from a fresh read.
 */
export async function sendWrite<T>(send: () => Promise<T>, landed: () => Promise<T | undefined>): Promise<T> {
  try {
    return await send();
  } catch (thrown) {
    const error = toOperatorError(thrown);
    if (!isAmbiguous(error) || error.reason === 'Interrupted') throw error;
    const effect = await landed().catch((unread: unknown) => {
      throw effectUnknown(error, toOperatorError(unread));
    });
    if (effect === undefined) throw error;
    return effect;
  }
}

/** That the world cannot be read says nothing of the write: what was refused had no effect, and this may have had one. */
function effectUnknown(
  { reason, message, where, remedy }: OperatorError,
  unread: OperatorError,
): OperatorError {
  return transient({
    reason,
    message: `${message} Whether it had its effect cannot be read: ${formatError(unread)}`,
    ...(where !== undefined && { where }),
    ...(remedy !== undefined && { remedy }),
    cause: unread,
  });
}
