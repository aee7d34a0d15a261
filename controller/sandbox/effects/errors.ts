import { actionOf } from '../iam/actions.ts';
import { accessDenied } from '../iam/denial.ts';
import { AwsFault } from '../service.ts';
import { rateExceeded } from '../throttle.ts';
import type { FaultedCall } from '../faults.ts';
import type { ErrorEffect, FaultEffect, ServerErrorEffect } from './effect.ts';

/** S3 and STS have older names for what the other services call alike. */
const INTERNAL: Readonly<Record<string, readonly [code: string, message: string]>> = {
  s3: ['InternalError', 'We encountered an internal error. Please try again.'],
};
const UNAVAILABLE: typeof INTERNAL = {
  s3: ['ServiceUnavailable', 'Please reduce your request rate.'],
  logs: ['ServiceUnavailableException', 'The service cannot complete the request.'],
};

function serverError({ status = 500 }: ServerErrorEffect, service: string): AwsFault {
  const [code, message] =
    status === 503
      ? (UNAVAILABLE[service] ?? ['ServiceUnavailable', 'Service is unable to handle request.'])
      : (INTERNAL[service] ?? ['InternalFailure', 'An internal failure occurred.']);
  return new AwsFault(code, message, { status });
}

function firstArn(value: unknown): string | undefined {
  if (typeof value === 'string') return value.startsWith('arn:') ? value : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const inner of Object.values(value)) {
    const arn = firstArn(inner);
    if (arn !== undefined) return arn;
  }
  return undefined;
}

function resourceOf(call: FaultedCall): string {
  const path =
    typeof call.input === 'object' && call.input !== null && 'path' in call.input
      ? String(call.input.path)
      : '';
  if (call.service === 's3') return `arn:aws:s3:::${path.slice(1)}`;
  return firstArn(call.input) ?? '*';
}

function injected(effect: ErrorEffect): AwsFault {
  return new AwsFault(effect.code, effect.message ?? `Injected ${effect.code}.`, {
    ...(effect.status !== undefined && { status: effect.status }),
    ...(effect.fields !== undefined && { fields: { ...effect.fields } }),
  });
}

export type FailingEffect = Extract<
  FaultEffect,
  { kind: 'error' | 'throttle' | 'serverError' | 'accessDenied' }
>;

/** The error with which AWS would answer this call. */
export function faultOf(effect: FailingEffect, call: FaultedCall, account: string): AwsFault {
  switch (effect.kind) {
    case 'error':
      return injected(effect);
    case 'throttle':
      return rateExceeded(call.service, call.operation);
    case 'serverError':
      return serverError(effect, call.service);
    case 'accessDenied':
      return accessDenied({
        service: call.service,
        account,
        caller: call.caller,
        action: actionOf(call.service, call.operation),
        resource: resourceOf(call),
        explicit: false,
      });
  }
}
