import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** MiB that the heap has grown to while few of them were alive at any time. */
async function heapAfterChurn(begin: string): Promise<number> {
  const script = `
    import { keepHeapSmall } from './controller/cli/heap.ts';
    ${begin}
    const kept = Array.from({ length: 20_000 });
    let largest = 0;
    for (let turn = 0; turn < 300_000; turn += 1) {
      kept[turn % kept.length] = { turn, list: Array.from({ length: 25 }, () => turn) };
      if (turn % 1_000 === 0) largest = Math.max(largest, process.memoryUsage().heapTotal);
    }
    console.log(largest / 1024 / 1024);
  `;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import=tsx',
    '--input-type=module',
    '--eval',
    script,
  ]);
  return Number(stdout);
}

describe('A heap that is kept small', () => {
  it('does not grow to several times what is alive', async () => {
    const [small, usual] = await Promise.all([heapAfterChurn('keepHeapSmall();'), heapAfterChurn('')]);
    assert.ok(small < 0.75 * usual, `${small} MiB instead of ${usual} MiB`);
  }).timeout(30_000);
});
