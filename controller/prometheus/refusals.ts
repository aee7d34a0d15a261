import type { Clock } from '../reconcile/ports.ts';

/** Which configurations Prometheus refused lately, and its words. */
export interface Refusals {
  find(config: string): string | undefined;
  add(config: string, message: string): void;
}

interface Refusal {
  readonly message: string;
  readonly at: number;
}

/** A search for the one bad job among a thousand offers about as many configurations. */
const REMEMBERED = 32;

/** The same bytes are refused again; only what lies outside of them (a certificate, a new version) can change that. */
export function rememberRefusals(clock: Clock, retryMs: number): Refusals {
  const refusals = new Map<string, Refusal>();
  return {
    find(config) {
      const refusal = refusals.get(config);
      const age = refusal === undefined ? retryMs : clock.now() - refusal.at;
      // A clock that was set back is no reason to wait longer.
      return age >= 0 && age < retryMs ? refusal?.message : undefined;
    },
    add(config, message) {
      refusals.delete(config);
      refusals.set(config, { message, at: clock.now() });
      for (const oldest of refusals.keys()) {
        if (refusals.size <= REMEMBERED) break;
        refusals.delete(oldest);
      }
    },
  };
}
