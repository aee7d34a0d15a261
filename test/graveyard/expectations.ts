import assert from 'node:assert/strict';
import type { Installation } from '../support/installation.ts';

/** Settled tasks are described again after some minutes; this is later than that for every task. */
export const DESCRIBED_AGAIN_MS = 400_000;

/** Whatever is remembered about registries and namespaces is read again after this. */
export const READ_AGAIN_MS = 1_000_000;

/** Its targets are those of the last complete read, and the message says why, since when and what to do. */
export function assertKept(installation: Installation, name: string, ...words: readonly RegExp[]): void {
  const { status, message } = installation.condition(name, 'TargetsDiscovered');
  assert.equal(status, 'Unknown', message);
  const kept = /The last known targets stay in force, as read at 2026-01-01T[\d:.]+Z\./;
  for (const word of [kept, ...words]) assert.match(message, word);
}

/** All is well with it, whatever befell others. */
export function assertDiscovered(
  installation: Installation,
  name: string,
  ...words: readonly RegExp[]
): void {
  const { status, message } = installation.condition(name, 'TargetsDiscovered');
  assert.equal(status, 'True', message);
  for (const word of words) assert.match(message, word);
}

/** No pass was given up, and nothing was sent that a complete read did not ask for. */
export function assertCalm({ log, writes }: Installation): void {
  assert.deepEqual(
    log.filter(({ level }) => level === 'error'),
    [],
  );
  assert.deepEqual(writes(), []);
}
