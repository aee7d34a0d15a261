/** More than half of the targets of a controller with at least 10, at once: such a loss may be held for one pass. */
const MINIMUM = 10;
const SHARE = 0.5;

/** Tells whether what is late after a pass is so because the documented guard against mass loss may hold it. */
export interface LossGuard {
  /** What complete reads of this pass said is gone, of so many targets before it; `atLeast` where lies made it more. */
  mayHold(total: number, lost: ReadonlySet<string>, atLeast: boolean): boolean;
  forget(): void;
}

export function createLossGuard(): LossGuard {
  let before: ReadonlySet<string> = new Set();
  return {
    mayHold(total, lost, atLeast) {
      const unconfirmed = [...lost].filter((each) => !before.has(each));
      const held = total >= MINIMUM && (atLeast || unconfirmed.length > SHARE * total);
      before = held ? lost : new Set();
      return held;
    },
    forget() {
      before = new Set();
    },
  };
}
