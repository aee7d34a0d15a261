/** A binding that was sent, or was about to be when the controller was last heard of. */
export interface Attempt {
  /** The version of the document that asked for it. */
  readonly specHash: string;
  /**
   * The primary deployment right before: while that is still there, the binding has had no effect. Absent once an effect
   * was seen, because a rollback makes the same deployment the primary one again.
   */
  readonly deployment?: string;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
}

/** By ScrapeTarget name. */
export type Attempts = ReadonlyMap<string, Attempt>;

/** What this process remembers, and what the controllers of its owner have told one another: the newest counts. */
export function mergeAttempts(own: Attempts, shared: Attempts): Attempts {
  const newer = [...shared].filter(([name, theirs]) => {
    const mine = own.get(name);
    return mine === undefined || theirs.sentAt > mine.sentAt || (isSame(mine, theirs) && sawEffect(theirs));
  });
  return new Map([...own, ...newer]);
}

const isSame = (a: Attempt, b: Attempt): boolean => a.sentAt === b.sentAt && a.specHash === b.specHash;
const sawEffect = ({ deployment }: Attempt): boolean => deployment === undefined;

export function writeAttempts(attempts: Attempts): Readonly<Record<string, Attempt>> {
  return Object.fromEntries([...attempts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** What {@link writeAttempts} made; what cannot be understood is left out. */
export function readAttempts(value: unknown): Attempts {
  return new Map(
    Object.entries(Object(value)).flatMap(([name, each]) => {
      const attempt = toAttempt(Object(each));
      return attempt === undefined ? [] : [[name, attempt] as const];
    }),
  );
}

function toAttempt({ specHash, deployment, sentAt }: Record<string, unknown>): Attempt | undefined {
  if (typeof specHash !== 'string' || typeof sentAt !== 'number') return undefined;
  return { specHash, ...(typeof deployment === 'string' && { deployment }), sentAt };
}
