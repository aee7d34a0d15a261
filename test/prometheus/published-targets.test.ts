import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { isOperatorError } from '../../controller/errors.ts';
import { createPublishedTargets } from '../../controller/prometheus/published-targets.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';

const SIGNAL = new AbortController().signal;

describe('the published targets', () => {
  const temporary = useTemporaryDirectory();
  const targets = () => join(temporary(), 'targets');
  const read = () => createPublishedTargets(temporary()).read(SIGNAL);
  const write = async (name: string, text: string) => {
    await mkdir(targets(), { recursive: true });
    await writeFile(join(targets(), name), text);
  };

  it('are none where nothing was published, and reading them makes no directory', async () => {
    assert.deepEqual(await read(), new Map());
    assert.deepEqual(await readdir(temporary()), []);
  });

  it('are the addresses of every target file of ours, also of an empty one', async () => {
    await write(
      'web.metrics.json',
      '[{"targets": ["10.0.0.1:80", "10.0.0.2:80"], "labels": {"a": "b"}}, {"targets": ["10.0.0.1:80"]}]',
    );
    await write('api.metrics.json', '[]');
    await write('hand-made.json', '[{"targets": ["10.0.0.9:80"]}]');
    await write('.web.metrics.json.0123456789abcdef.tmp', '[{"targets": ["10.0.0.9:80"]}]');
    assert.deepEqual(
      await read(),
      new Map([
        ['targets/api.metrics.json', new Set()],
        ['targets/web.metrics.json', new Set(['10.0.0.1:80', '10.0.0.2:80'])],
      ]),
    );
  });

  it('leave out a file that Prometheus would not take either', async () => {
    const bad = ['', '[{"targets', '{}', 'null', '3', '[1]', '[{}]', '[{"targets": "a:1"}]'];
    for (const text of [...bad, '[{"targets": ["a:1"]}, {"targets": [2]}]']) {
      await write('web.metrics.json', text);
      await write('api.metrics.json', '[{"targets": ["b:1"]}]');
      assert.deepEqual([...(await read()).keys()], ['targets/api.metrics.json'], text);
    }
  });

  it('are addresses or nothing, whatever lies in the file', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), async (text) => {
        await write('web.metrics.json', text);
        for (const addresses of (await read()).values())
          for (const address of addresses) assert.equal(typeof address, 'string');
      }),
      { numRuns: 200 },
    );
  });

  it('that cannot be read are an error, because they may be many', async () => {
    await mkdir(join(targets(), 'web.metrics.json'), { recursive: true });
    await assert.rejects(
      read(),
      (thrown: unknown) => isOperatorError(thrown) && thrown.family === 'terminal',
    );
  });
});
