/** What happened, for the reader of a failed simulation. */
export interface Journal {
  add(line: string): void;
  /** The newest lines, oldest first. */
  tail(): readonly string[];
}

const REMEMBERED = 600;

export function createJournal(now: () => number, tell: (line: string) => void): Journal {
  let lines: string[] = [];
  return {
    add(line) {
      const stamped = `${new Date(now()).toISOString().slice(11, 23)} ${line}`;
      lines.push(stamped);
      if (lines.length >= 2 * REMEMBERED) lines = lines.slice(-REMEMBERED);
      tell(stamped);
    },
    tail: () => lines.slice(-REMEMBERED),
  };
}
