import assert from 'node:assert/strict';
import sinon from 'sinon';
import { systemClock } from '../../controller/cli/clock.ts';
import { createProgress } from '../../controller/cli/progress.ts';
import { realClock } from '../../controller/sandbox/clock.ts';

describe('wall-clock time', () => {
  let timers: sinon.SinonFakeTimers;
  beforeEach(() => {
    timers = sinon.useFakeTimers({
      now: Date.UTC(2026, 0, 1),
      toFake: ['setTimeout', 'clearTimeout', 'Date'],
    });
  });
  afterEach(() => timers.restore());

  it('tells the time of the machine', () => {
    timers.tick(1500);
    assert.equal(systemClock.now(), Date.UTC(2026, 0, 1) + 1500);
  });

  it('runs what the sandbox scheduled when its time has come, and nothing after it was stopped', () => {
    const clock = realClock();
    const action = sinon.spy();
    clock.schedule(1000, action);
    timers.tick(999);
    sinon.assert.notCalled(action);
    timers.tick(1);
    sinon.assert.calledOnce(action);
    clock.schedule(1000, action);
    clock.stop();
    timers.tick(2000);
    sinon.assert.calledOnce(action);
  });
});

describe('a sleep', () => {
  it('ends at once when it is not needed any more', async () => {
    const over = new AbortController();
    const slept = systemClock.sleep(3_600_000, over.signal);
    over.abort();
    await slept;
  });

  it('is not begun when it is over already', async () => {
    await systemClock.sleep(3_600_000, AbortSignal.abort());
  });
});

describe('progress', () => {
  const report = (isTTY: boolean): string[] => {
    const write = sinon.stub();
    const stream = { write, isTTY };
    const progress = createProgress({
      stdout: stream,
      stderr: stream,
      env: {},
      signal: new AbortController().signal,
      confirm: undefined,
    });
    progress.report('reading');
    progress.report('reading');
    progress.report('writing');
    progress.done();
    return write.args.map(([text]) => String(text));
  };

  it('is one line that changes on a terminal, and is cleared in the end', () => {
    assert.deepEqual(report(true), ['\r\u001b[2Kreading', '\r\u001b[2Kwriting', '\r\u001b[2K']);
  });

  it('is a line for each change elsewhere', () => {
    assert.deepEqual(report(false), ['reading\n', 'writing\n']);
  });
});
