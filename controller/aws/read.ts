import { toOperatorError } from '../errors.ts';
import type { OperatorError } from '../errors.ts';
import type { Read } from '../state/observed.ts';

export const complete = <T>(value: T): Read<T> => ({ kind: 'complete', value });
export const failed = (error: OperatorError): { readonly kind: 'failed'; readonly error: OperatorError } => ({
  kind: 'failed',
  error,
});

/** The outcome of a read as data: a failure stays in its place and stops nothing else. */
export async function asRead<T>(read: Promise<T>): Promise<Read<T>> {
  try {
    return complete(await read);
  } catch (thrown) {
    return failed(toOperatorError(thrown));
  }
}
