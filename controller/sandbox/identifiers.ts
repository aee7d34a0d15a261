import type { SandboxContext } from './service.ts';

const ALPHANUMERIC = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** `length` lower-case letters and digits, from the seeded random of the sandbox. */
export function randomName(context: SandboxContext, length: number): string {
  return Array.from({ length }, () =>
    ALPHANUMERIC.charAt(Math.floor(context.random() * ALPHANUMERIC.length)),
  ).join('');
}
