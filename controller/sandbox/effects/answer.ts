import type { SandboxResponse } from '../service.ts';

/** How a call ends for the client. */
export type Answer =
  | { readonly kind: 'response'; readonly response: SandboxResponse }
  /** The body announces more than it holds, and the connection is cut behind it. */
  | { readonly kind: 'cutOff'; readonly response: SandboxResponse }
  | { readonly kind: 'reset' }
  | { readonly kind: 'silence' };
