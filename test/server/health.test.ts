import assert from 'node:assert/strict';
import { terminal, waiting } from '../../controller/errors.ts';
import type { PassObservation, ReloadResult } from '../../controller/reconcile/ports.ts';
import { createHealth } from '../../controller/server/health.ts';
import { probeReply } from '../../controller/server/probes.ts';
import { failedPass, passOf, published, START, unreachable } from './observations.ts';

const INTERVAL_MS = 30_000;

/** Problems by check, `now` after some passes. */
function problemsAfter(
  passes: readonly PassObservation[],
  now = START,
): Readonly<Record<string, string | undefined>> {
  const clock = { now: () => now, sleep: async () => {} };
  const health = createHealth({ clock, intervalMs: INTERVAL_MS });
  for (const pass of passes) health.passDone(pass);
  return Object.fromEntries(health.readiness().map(({ name, problem }) => [name, problem]));
}

const READY = { 'first-pass': undefined, 'recent-pass': undefined, prometheus: undefined };

const reloaded = (reload: ReloadResult): PassObservation => passOf({ publication: published({ reload }) });

describe('readiness', () => {
  it('is not there before the first pass', () => {
    const problems = problemsAfter([]);
    assert.match(problems['first-pass'] ?? '', /no pass/);
    assert.match(problems['recent-pass'] ?? '', /no pass/);
    assert.match(problems['prometheus'] ?? '', /not asked yet/);
  });

  it('comes with the first pass that publishes', () => {
    assert.deepEqual(problemsAfter([passOf()]), READY);
  });

  it('does not come with a pass that had to withhold what it found, or that failed', () => {
    const withheld = passOf({ publication: { kind: 'withheld', error: unreachable() } });
    assert.match(problemsAfter([withheld])['first-pass'] ?? '', /published/);
    assert.match(problemsAfter([failedPass(unreachable())])['first-pass'] ?? '', /no pass/);
  });

  it('goes when the last pass is older than three intervals, and not before', () => {
    const limit = START + 3 * INTERVAL_MS;
    assert.deepEqual(problemsAfter([passOf()], limit), READY);
    assert.equal(problemsAfter([passOf()], limit + 1)['recent-pass'], 'the last pass ended 90 s ago');
    const failing = [passOf(), failedPass(unreachable(), limit)];
    assert.match(problemsAfter(failing, limit + 1)['recent-pass'] ?? '', /90 s ago/);
    assert.deepEqual(problemsAfter([passOf(), passOf({}, limit)], limit + 1), READY);
  });

  it('stays while a later pass withholds, because what was published is in force', () => {
    const withheld = passOf({ publication: { kind: 'withheld', error: unreachable() } });
    assert.deepEqual(problemsAfter([passOf(), withheld]), READY);
  });

  it('wants Prometheus to answer, and takes a refusal for an answer', () => {
    const error = waiting({ reason: 'PrometheusUnreachable', message: 'It does not answer.' });
    const pending = reloaded({ kind: 'pending', error });
    assert.match(problemsAfter([pending])['prometheus'] ?? '', /did not confirm/);
    assert.deepEqual(
      problemsAfter([pending, reloaded({ kind: 'rejected', message: 'no', restored: true })]),
      READY,
    );
    assert.deepEqual(
      problemsAfter([pending, reloaded({ kind: 'confirmed', at: '2026-01-01T00:00:00Z' })]),
      READY,
    );
  });

  it('does not wait for a Prometheus that nobody named', () => {
    assert.deepEqual(problemsAfter([reloaded({ kind: 'notAsked' })]), READY);
    assert.deepEqual(problemsAfter([passOf({ publication: undefined })]), READY);
  });

  it('never repeats the text of an error, which may tell too much to strangers', () => {
    const error = terminal({ reason: 'Foreign', message: 'secret-host refused secret-user' });
    const told = JSON.stringify(problemsAfter([failedPass(error), reloaded({ kind: 'pending', error })]));
    assert.doesNotMatch(told, /secret/);
  });
});

describe('a probe', () => {
  const good = { name: 'first-pass', problem: undefined };
  const bad = { name: 'prometheus', problem: 'Prometheus was not asked yet' };

  it('says ok and no more when all is well', () => {
    const { status, body } = probeReply('readyz', [good], false);
    assert.deepEqual([status, body], [200, 'ok\n']);
  });

  it('lists each check when it is asked to', () => {
    const { status, body } = probeReply('readyz', [good], true);
    assert.deepEqual([status, body], [200, '[+]first-pass ok\nreadyz check passed\n']);
  });

  it('lists each check, and answers 503, when one fails', () => {
    const { status, body } = probeReply('readyz', [good, bad], false);
    assert.equal(status, 503);
    assert.equal(
      body,
      '[+]first-pass ok\n[-]prometheus failed: Prometheus was not asked yet\nreadyz check failed\n',
    );
  });
});
