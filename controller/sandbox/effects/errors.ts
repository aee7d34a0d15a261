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

/** S3 operations whose permission has another name. */
const S3_ACTIONS: Readonly<Record<string, string>> = {
  ListObjectsV2: 'ListBucket',
  HeadObject: 'GetObject',
  HeadBucket: 'ListBucket',
  DeleteObjects: 'DeleteObject',
  ListBuckets: 'ListAllMyBuckets',
};

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
  if (call.service === 's3') return `"arn:aws:s3:::${path.slice(1)}"`;
  return firstArn(call.input) ?? '*';
}

/** IAM's own words; who is not allowed, what, on what, and by which kind of policy. */
function accessDenied(call: FaultedCall, account: string): AwsFault {
  const user = `arn:aws:iam::${account}:user/${call.caller ?? 'anonymous'}`;
  const isS3 = call.service === 's3';
  const action = `${call.service}:${(isS3 ? S3_ACTIONS[call.operation] : undefined) ?? call.operation}`;
  const message = `User: ${user} is not authorized to perform: ${action} on resource: ${resourceOf(call)} because no identity-based policy allows the ${action} action`;
  const isXml = isS3 || call.service === 'sts';
  return isXml
    ? new AwsFault('AccessDenied', message, { status: 403 })
    : new AwsFault('AccessDeniedException', message);
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
      return accessDenied(call, account);
  }
}
