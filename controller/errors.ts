/**
 * Who must act on an error:
 *
 * - `terminal`: a person must change a document, a permission or a setting; retrying cannot help.
 * - `waiting`: the world is busy with something legitimate (a rollout, a start-up); come back later.
 * - `transient`: the call failed but the same call may succeed; back off and retry.
 */
export type ErrorFamily = 'terminal' | 'waiting' | 'transient';

export interface OperatorErrorDetails {
  /** CamelCase and stable: it becomes the `reason` of a condition and the `code` of a log line. */
  readonly reason: string;
  /** What happened, to a reader who does not know the code. */
  readonly message: string;
  /** File and line, JSON path, URI or ARN that the message is about. */
  readonly where?: string;
  /** What the reader can do about it. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

const FAMILY = Symbol.for('ecs-prometheus-operator.error-family');

/** The only error that is thrown on purpose. Build it with {@link terminal}, {@link waiting} or {@link transient}. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  readonly family: ErrorFamily;
  readonly reason: string;
  readonly where: string | undefined;
  readonly remedy: string | undefined;

  constructor(family: ErrorFamily, details: OperatorErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.family = family;
    this.reason = details.reason;
    this.where = details.where;
    this.remedy = details.remedy;
    Object.defineProperty(this, FAMILY, { value: family });
  }
}

export const terminal = (details: OperatorErrorDetails): OperatorError =>
  new OperatorError('terminal', details);
export const waiting = (details: OperatorErrorDetails): OperatorError =>
  new OperatorError('waiting', details);
export const transient = (details: OperatorErrorDetails): OperatorError =>
  new OperatorError('transient', details);

/** Recognises our error across realms and duplicate module instances, where `instanceof` fails. */
export function isOperatorError(thrown: unknown): thrown is OperatorError {
  return typeof thrown === 'object' && thrown !== null && FAMILY in thrown;
}

/** Turns anything thrown into an {@link OperatorError}; an unknown error is a defect or an outage, so it is transient. */
export function toOperatorError(thrown: unknown, reason = 'InternalError'): OperatorError {
  if (isOperatorError(thrown)) return thrown;
  return transient({ reason, message: formatThrown(thrown), cause: thrown });
}

/** One line for a reader: what happened, where, what to do. */
export function formatError(error: OperatorError): string {
  const where = error.where === undefined ? '' : `${error.where}: `;
  const remedy = error.remedy === undefined ? '' : ` ${error.remedy}`;
  return `${where}${error.message}${remedy}`;
}

/** The same error with one more thing to do about it. */
export function withRemedy(error: OperatorError, more: string): OperatorError {
  const { family, reason, message, where, remedy, cause } = error;
  return new OperatorError(family, {
    reason,
    message,
    cause,
    ...(where !== undefined && { where }),
    remedy: remedy === undefined ? more : `${remedy} ${more}`,
  });
}

/** The words of somebody else as a sentence of ours. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** Text of anything thrown, also of SDK errors whose message is empty and of causes that carry the real reason. */
export function formatThrown(thrown: unknown): string {
  if (isOperatorError(thrown)) return formatError(thrown);
  if (!(thrown instanceof Error)) return String(thrown);
  const own = thrown.message === '' ? thrown.name : thrown.message;
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
  const named = code === undefined || own.includes(code) ? own : `${own} (${code})`;
  return thrown.cause instanceof Error ? `${named}: ${formatThrown(thrown.cause)}` : named;
}
