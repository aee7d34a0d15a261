/** The process as the verbs see it: everything that a test replaces. */
export interface Io {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts on SIGTERM and SIGINT. */
  readonly signal: AbortSignal;
  /** Asks a yes/no question; undefined where nobody is there to answer. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
}

export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** Flag over FORCE_COLOR over NO_COLOR over terminal. */
export function wantsColor(io: Io, noColorFlag: boolean): boolean {
  if (noColorFlag) return false;
  const force = io.env['FORCE_COLOR'];
  if (force !== undefined && force !== '') return force !== '0';
  const never = io.env['NO_COLOR'];
  if (never !== undefined && never !== '') return false;
  return io.stdout.isTTY === true && io.env['TERM'] !== 'dumb';
}
