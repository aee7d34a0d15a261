import type { OperatorError } from '../errors.ts';
import type { DesiredTarget } from '../state/desired.ts';
import { registryKey, serviceKey } from '../state/keys.ts';
import type { Blocked } from './types.ts';

export const registrySubject = (target: DesiredTarget): string => `registry ${registryKey(target.registry)}`;

export const serviceSubject = (target: DesiredTarget): string =>
  `service ${serviceKey(target.binding.service)}`;

/** Something that nothing but a changed document, permission or resource can resolve. */
export function block(
  target: Pick<DesiredTarget, 'name'>,
  about: Pick<Blocked, 'subject' | 'condition'>,
  why: Pick<Blocked, 'reason' | 'message' | 'remedy'> & Partial<Pick<Blocked, 'family'>>,
): Blocked {
  return { target: target.name, ...about, family: 'terminal', ...why };
}

/** A read that failed: nothing is known, so nothing is written. */
export function blockUnread(
  target: Pick<DesiredTarget, 'name'>,
  about: Pick<Blocked, 'subject' | 'condition'>,
  error: OperatorError,
): Blocked {
  return block(target, about, {
    family: error.family,
    reason: error.reason,
    message:
      error.where === undefined || error.where === about.subject
        ? error.message
        : `${error.where}: ${error.message}`,
    remedy: error.remedy ?? defaultRemedy(error),
  });
}

function defaultRemedy(error: OperatorError): string {
  return error.family === 'terminal'
    ? 'Correct the cause; nothing is written until it can be read.'
    : 'Nothing to do: it is read again in the next pass, and nothing is written until then.';
}

/** For what the observation does not hold at all: as little is known as after a failed read. */
export function blockUnobserved(
  target: Pick<DesiredTarget, 'name'>,
  about: Pick<Blocked, 'subject' | 'condition'>,
  what: string,
): Blocked {
  return block(target, about, {
    family: 'transient',
    reason: 'NotObserved',
    message: `${what} was not read in this pass.`,
    remedy: 'Nothing to do: it is read again in the next pass, and nothing is written until then.',
  });
}
