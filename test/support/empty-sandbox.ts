import { startTestSandbox, type TestSandbox } from './sandbox.ts';
import type { SandboxOptions } from '../../controller/sandbox/server.ts';

/** A sandbox whose account holds nothing, anew for every test of the suite that calls this. */
export function useEmptySandbox(options: Omit<SandboxOptions, 'clock' | 'scenario'> = {}): TestSandbox {
  const running: { current?: TestSandbox } = {};
  const started = (): TestSandbox => {
    if (running.current === undefined) throw new Error('the sandbox runs inside of tests only');
    return running.current;
  };
  beforeEach(async () => {
    running.current = await startTestSandbox({ ...options, scenario: { name: 'empty' } });
  });
  afterEach(async () => {
    await started().close();
  });
  return {
    get sandbox() {
      return started().sandbox;
    },
    get clock() {
      return started().clock;
    },
    get ecs() {
      return started().ecs;
    },
    get cloudMap() {
      return started().cloudMap;
    },
    get ssm() {
      return started().ssm;
    },
    get logs() {
      return started().logs;
    },
    get s3() {
      return started().s3;
    },
    get sts() {
      return started().sts;
    },
    close: () => started().close(),
  };
}
