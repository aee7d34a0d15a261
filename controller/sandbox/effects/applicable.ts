import { kindOf } from '../recorder.ts';
import { isS3List, listMembers } from './lists.ts';
import type { FaultEffect } from './effect.ts';

/** S3 is consistent, and Parameter Store has nothing that changes by itself. */
const REMEMBERED = new Set(['ecs', 'servicediscovery']);

/** Whether an effect can befall a call at all: what is no list has no pages, and a write is never stale. */
export function isApplicable(effect: FaultEffect, call: { service: string; operation: string }): boolean {
  switch (effect.kind) {
    case 'emptyPage':
    case 'partialPage':
      return (
        listMembers(call.service, call.operation) !== undefined || isS3List(call.service, call.operation)
      );
    case 'staleRead':
      return REMEMBERED.has(call.service) && kindOf(call.operation) === 'read';
    case 'error':
    case 'throttle':
    case 'serverError':
    case 'accessDenied':
    case 'latency':
    case 'timeout':
    case 'reset':
    case 'malformed':
    case 'garbled':
      return true;
  }
}
