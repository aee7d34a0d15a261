import { setMaxListeners } from 'node:events';
import PQueue from 'p-queue';
import type { OperatorError } from '../errors.ts';
import type { Clock } from '../reconcile/ports.ts';
import { compareText } from '../state/keys.ts';
import { API_GROUPS, apiFacts } from './apis.ts';
import type { Api, ApiGroupName } from './apis.ts';
import { classifyAwsError, interrupted, isClockSkewCorrected, isThrottle } from './errors.ts';
import { createTokenBucket } from './token-bucket.ts';
import type { TokenBucket } from './token-bucket.ts';

/** What a call is about, for its error message, and what may interrupt it. */
export interface CallContext {
  readonly where: string;
  readonly signal: AbortSignal;
  /** Called when its turn has come, each time before it is sent; what it throws ends the call. */
  readonly beforeSending?: () => Promise<void>;
}

/** A read that is interrupted is dropped; a write that is on its way is always waited for. */
export interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

/**
 * AWS throttles an account, not a program: consoles, pipelines and ECS itself draw from the same
 * buckets. So every call goes out through here, at a share of the documented rate of its group.
 * The SDK's own retries are off; a retry takes a token like any other call.
 */
export interface Budget {
  /** Sends one call when its group allows it; throws only OperatorErrors. */
  call<T>(api: Api, context: CallContext, send: (options: SendOptions) => Promise<T>): Promise<T>;
  /** Requests sent so far, retries included, by `service:Operation`. */
  callsByApi(): Readonly<Record<string, number>>;
  /** How many of them AWS throttled. */
  throttlesByApi(): Readonly<Record<string, number>>;
}

export interface BudgetOptions {
  readonly clock: Clock;
  /** Share of the documented rates and bursts that this process may use. Default 0.5. */
  readonly share?: number;
  /** Names the endpoint in errors of the network. */
  readonly endpoint?: string | undefined;
  /** Between 0 and 1, for the jitter of retries. */
  readonly random?: () => number;
}

interface Lane {
  readonly queue: PQueue;
  readonly bucket: TokenBucket;
}

const DEFAULT_SHARE = 0.5;
const MAX_ATTEMPTS = 4;
const TRANSIENT_BACKOFF_MS = 100;
const THROTTLE_BACKOFF_MS = 1000;

export function createBudget(options: BudgetOptions): Budget {
  const { clock, endpoint } = options;
  const random = options.random ?? Math.random;
  const lanes = new Map<ApiGroupName, Lane>();
  const calls = new Map<string, number>();
  const throttles = new Map<string, number>();

  const laneOf = (name: ApiGroupName): Lane => {
    const lane = lanes.get(name) ?? openLane(name, options.share ?? DEFAULT_SHARE, clock.now());
    lanes.set(name, lane);
    return lane;
  };

  const backOff = (thrown: unknown, attempt: number, signal: AbortSignal): Promise<void> => {
    const base = isThrottle(thrown) ? THROTTLE_BACKOFF_MS : TRANSIENT_BACKOFF_MS;
    return clock.sleep(Math.ceil(random() * base * 2 ** attempt), signal);
  };

  return {
    async call(api, { where, signal, beforeSending }, send) {
      const { group, write } = apiFacts(api);
      const { queue, bucket } = laneOf(group);
      const requireRunning = (): void => {
        if (signal.aborted) throw interrupted({ api, where });
      };
      const sendOnce = async () => {
        requireRunning();
        await clock.sleep(bucket.take(clock.now()), signal);
        requireRunning();
        await beforeSending?.();
        count(calls, api);
        return await send(write ? {} : { abortSignal: signal });
      };
      // One signal ends a whole observation: that many listeners are no leak.
      setMaxListeners(0, signal);
      for (let attempt = 0; ; attempt += 1) {
        try {
          const answer = await queue.add(sendOnce);
          bucket.succeeded();
          return answer;
        } catch (thrown) {
          if (isThrottle(thrown)) {
            count(throttles, api);
            bucket.throttled(clock.now());
          }
          const error = classifyAwsError(thrown, { api, where, endpoint });
          if (attempt + 1 >= MAX_ATTEMPTS || !mayRepeat(api, thrown, error)) throw error;
          await backOff(thrown, attempt, signal);
        }
      }
    },
    callsByApi: () => sorted(calls),
    throttlesByApi: () => sorted(throttles),
  };
}

function openLane(name: ApiGroupName, share: number, now: number): Lane {
  const { burst, perSecond, concurrency } = API_GROUPS[name];
  return {
    queue: new PQueue({ concurrency }),
    bucket: createTokenBucket(Math.max(1, burst * share), perSecond * share, now),
  };
}

/** A throttled call was refused before it had an effect, so even a write may be sent again; nothing else of a write may. */
function mayRepeat(api: Api, thrown: unknown, error: OperatorError): boolean {
  if (error.reason === 'Interrupted') return false;
  if (isThrottle(thrown) || isClockSkewCorrected(thrown)) return true;
  return error.family === 'transient' && !apiFacts(api).write;
}

function count(counters: Map<string, number>, api: Api): void {
  counters.set(api, (counters.get(api) ?? 0) + 1);
}

function sorted(counters: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries([...counters].sort(([a], [b]) => compareText(a, b)));
}
