import type { Io } from './io.ts';

/** What is going on right now: one line that changes on a terminal, a line for each change elsewhere. */
export interface Progress {
  readonly report: (message: string) => void;
  /** Clears the live line. */
  readonly done: () => void;
}

const ERASE_LINE = '\r\u001b[2K';

export function createProgress(io: Io): Progress {
  const live = io.stderr.isTTY === true && io.env['TERM'] !== 'dumb';
  let last = '';
  return {
    report(message) {
      if (message === last) return;
      last = message;
      io.stderr.write(live ? `${ERASE_LINE}${message}` : `${message}\n`);
    },
    done() {
      if (live && last !== '') io.stderr.write(ERASE_LINE);
      last = '';
    },
  };
}
