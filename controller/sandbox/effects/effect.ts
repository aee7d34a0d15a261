/** Whether the operation takes effect before the caller is failed. */
export type Moment = 'before' | 'after';

export interface ErrorEffect {
  readonly kind: 'error';
  readonly code: string;
  readonly message?: string;
  readonly status?: number;
  readonly fields?: Readonly<Record<string, unknown>>;
  /** `after`: the operation takes effect, and the caller is told that it failed. Default `before`. */
  readonly when?: Moment;
}

/** The throttle of the service, under the name that it uses for it. */
export interface ThrottleEffect {
  readonly kind: 'throttle';
}

/** 500 InternalFailure or 503 ServiceUnavailable, as the service spells them. Default 500. */
export interface ServerErrorEffect {
  readonly kind: 'serverError';
  readonly status?: 500 | 503;
  readonly when?: Moment;
}

/** What IAM answers to a caller without the permission. */
export interface AccessDeniedEffect {
  readonly kind: 'accessDenied';
}

export interface LatencyEffect {
  readonly kind: 'latency';
  readonly ms: number;
  /**
   * `sandbox`: when the sandbox's clock gets there; a virtual clock must be advanced by somebody.
   * `elapse`: the call itself moves a virtual clock forward, so that nobody waits; on a real clock as `sandbox`.
   * `real`: wall-clock time, whatever the sandbox's clock is. Default `sandbox`.
   */
  readonly clock?: 'sandbox' | 'elapse' | 'real';
  /** Whether the operation runs before or after the wait is over. Default `before`: wait, then run. */
  readonly when?: Moment;
}

/** No answer at all: the connection stays open until the client gives up or the sandbox closes. */
export interface TimeoutEffect {
  readonly kind: 'timeout';
  readonly when?: Moment;
}

/** The connection is cut without an answer, before or after the operation took effect. */
export interface ResetEffect {
  readonly kind: 'reset';
  readonly when: Moment;
}

/** A list answers with no items and a token; the call with that token gives the page that this one withheld. */
export interface EmptyPageEffect {
  readonly kind: 'emptyPage';
}

/** A list answers with fewer items than it has. */
export interface PartialPageEffect {
  readonly kind: 'partialPage';
  /** Default 1; a page that keeps its token has at least one. */
  readonly keep?: number;
  /** `kept`: the rest comes with the next page, as AWS may. `lost`: nothing says that there is more. */
  readonly token: 'kept' | 'lost';
}

/** A read of ECS or Cloud Map answers from the state of some time ago. */
export interface StaleReadEffect {
  readonly kind: 'staleRead';
  readonly ageMs: number;
}

export type Malformation =
  /** The members are missing. */
  | 'drop'
  /** The members are null; in XML, empty elements. */
  | 'null'
  /** A number for a text, a text for a list, and so on. */
  | 'wrongType'
  /** Each text is a million characters long. */
  | 'huge'
  /** Structures have members that no service model knows. */
  | 'unknownMember'
  /** Lists repeat each of their items. */
  | 'duplicate';

/** A successful answer in the right protocol that is not what the service model promises. */
export interface MalformedEffect {
  readonly kind: 'malformed';
  readonly change: Malformation;
  /**
   * Where: member names from the root of the answer, `*` for one step, `**` for any number. `tasks.*.attachments` or
   * `**.privateIPv4Address`. Absent: one place that the seed chooses.
   */
  readonly at?: readonly string[];
}

/** A body that is not the service's protocol at all. */
export interface GarbledEffect {
  readonly kind: 'garbled';
  /**
   * `html`: the page of a proxy. `empty`: nothing. `truncated`: the first half, as if that were all. `cutOff`: the
   * first half, then the connection breaks.
   */
  readonly body: 'html' | 'empty' | 'truncated' | 'cutOff';
  /** Default 200. */
  readonly status?: number;
}

/** What a fault does to a call. */
export type FaultEffect =
  | ErrorEffect
  | ThrottleEffect
  | ServerErrorEffect
  | AccessDeniedEffect
  | LatencyEffect
  | TimeoutEffect
  | ResetEffect
  | EmptyPageEffect
  | PartialPageEffect
  | StaleReadEffect
  | MalformedEffect
  | GarbledEffect;
