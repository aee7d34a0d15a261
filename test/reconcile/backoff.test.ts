import assert from 'node:assert/strict';
import { terminal, transient, waiting, type OperatorError } from '../../controller/errors.ts';
import { heldBack, isBackingOff, nextBackoff, type Backoff } from '../../controller/reconcile/backoff.ts';
import type { ChangeOutcome } from '../../controller/status/types.ts';
import { createRegistry } from '../support/plans.ts';

const NOW = Date.UTC(2026, 0, 1);
const throttled = transient({ reason: 'Throttled', message: 'AWS throttles.' });
const denied = terminal({ reason: 'AccessDenied', message: 'AWS refuses.', remedy: 'Allow it.' });

const failed = (error: OperatorError): ChangeOutcome => ({
  change: createRegistry('web'),
  result: { kind: 'failed', error },
});
const applied: ChangeOutcome = { change: createRegistry('web'), result: { kind: 'applied' } };

/** The waits, in seconds, after so many failures in a row. */
function waits(error: OperatorError, times: number, random = 1): number[] {
  let backoff: Backoff | undefined;
  return Array.from({ length: times }, () => {
    backoff = nextBackoff(backoff, [failed(error)], 'v1', NOW, random);
    return ((backoff?.until ?? 0) - NOW) / 1000;
  });
}

describe('the backoff of one ScrapeTarget', () => {
  it('doubles from about a second to a quarter of an hour while calls fail in passing', () => {
    assert.deepEqual(waits(throttled, 12), [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
  });

  it('is spread by a quarter, so that what failed together is not tried together', () => {
    assert.deepEqual(waits(throttled, 2, 0), [0.75, 1.5]);
  });

  it('is a quarter of an hour at once for what only a person can mend', () => {
    assert.deepEqual(waits(denied, 2), [900, 900]);
  });

  it('ends with a success', () => {
    const before = nextBackoff(undefined, [failed(throttled)], 'v1', NOW, 1);
    assert.equal(nextBackoff(before, [applied], 'v1', NOW, 1), undefined);
  });

  it('begins anew with another version of the document, which does not wait', () => {
    const before = nextBackoff(undefined, [failed(denied)], 'v1', NOW, 1);
    assert.equal(isBackingOff(before, 'v1', NOW), true);
    assert.equal(isBackingOff(before, 'v2', NOW), false);
    assert.equal(nextBackoff(before, [failed(throttled)], 'v2', NOW, 1)?.failures, 1);
    assert.equal(nextBackoff(before, [], 'v2', NOW, 1), undefined);
  });

  it('goes on while nothing is tried, and until its time is over', () => {
    const before = nextBackoff(undefined, [failed(throttled)], 'v1', NOW, 1);
    assert.equal(nextBackoff(before, [], 'v1', NOW, 1), before);
    assert.equal(isBackingOff(before, 'v1', NOW + 999), true);
    assert.equal(isBackingOff(before, 'v1', NOW + 1000), false);
  });

  it('is not begun by a wait for something legitimate', () => {
    const rollout = waiting({ reason: 'DeploymentInProgress', message: 'rolling' });
    assert.equal(nextBackoff(undefined, [failed(rollout)], 'v1', NOW, 1), undefined);
  });

  it('tells the cause, how often, and when it is tried again', () => {
    const backoff = nextBackoff(undefined, [failed(denied)], 'v1', NOW, 1);
    assert.ok(backoff !== undefined);
    const error = heldBack(backoff);
    assert.equal(error.reason, 'AccessDenied');
    assert.equal(
      error.message,
      'AWS refuses. It failed once and is tried again at 2026-01-01T00:15:00.000Z.',
    );
    assert.equal(error.remedy, 'Allow it.');
  });

  it('ends also when the world turns out to be as wanted, but not when a change was merely held', () => {
    const before = nextBackoff(undefined, [failed(throttled)], 'v1', NOW, 1);
    const unchanged: ChangeOutcome = { change: createRegistry('web'), result: { kind: 'unchanged' } };
    const held: ChangeOutcome = { change: createRegistry('web'), result: { kind: 'held', error: throttled } };
    assert.equal(nextBackoff(before, [unchanged], 'v1', NOW, 1), undefined);
    assert.equal(nextBackoff(before, [held], 'v1', NOW, 1), before);
  });

  it('is that of what a person must mend, when one change needs a person and another only time', () => {
    const both = nextBackoff(undefined, [failed(throttled), failed(denied)], 'v1', NOW, 1);
    assert.equal(both?.error, denied);
  });

  it('tells how often it failed, and where, and gives no remedy where there is none', () => {
    const at = transient({ reason: 'Throttled', message: 'AWS throttles.', where: 'registry a/web' });
    const first = nextBackoff(undefined, [failed(at)], 'v1', NOW, 1);
    const second = nextBackoff(first, [failed(at)], 'v1', NOW, 1);
    assert.ok(second !== undefined);
    const { message, where, remedy } = heldBack(second);
    assert.match(message, /It failed 2 times/);
    assert.deepEqual([where, remedy], ['registry a/web', undefined]);
  });
});
