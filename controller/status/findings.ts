import { formatError } from '../errors.ts';
import type { ErrorFamily, OperatorError } from '../errors.ts';
import type { ConditionType, Finding } from './types.ts';

/** `hinders: undefined` is left out, so that findings compare equal whatever way they were made. */
export function fulfilled(type: ConditionType, reason: string, message: string): Finding {
  return { type, status: 'True', reason, message };
}

/** A failed read or call says nothing about the world, so the status is Unknown; everything else is False. */
export function hindered(type: ConditionType, family: ErrorFamily, reason: string, message: string): Finding {
  return { type, status: family === 'transient' ? 'Unknown' : 'False', reason, message, hinders: family };
}

export function fromError(type: ConditionType, error: OperatorError): Finding {
  return hindered(type, error.family, error.reason, formatError(error));
}

/** Says nothing by itself: another condition tells why, and that one hinders. */
export function unknown(type: ConditionType, reason: string, message: string): Finding {
  return { type, status: 'Unknown', reason, message };
}

const URGENCY: readonly ErrorFamily[] = ['transient', 'waiting', 'terminal'];

/** What decides when to look again: a failed call before a wait before a person. */
export function mostUrgent(findings: readonly Finding[]): Finding | undefined {
  for (const family of URGENCY) {
    const found = findings.find(({ hinders }) => hinders === family);
    if (found !== undefined) return found;
  }
  return undefined;
}
