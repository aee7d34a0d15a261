import assert from 'node:assert/strict';
import { mergeAttempts, type Attempt } from '../../controller/state/attempts.ts';

describe('attempts of several controllers', () => {
  const attempt = (sentAt: number, deployment?: string): Attempt => ({
    specHash: 'h',
    sentAt,
    ...(deployment !== undefined && { deployment }),
  });
  const merged = (own: Attempt | undefined, shared: Attempt | undefined) =>
    mergeAttempts(new Map(own && [['web', own]]), new Map(shared && [['web', shared]])).get('web');

  it('count whoever made them, the newest of them', () => {
    assert.deepEqual(merged(undefined, attempt(1)), attempt(1));
    assert.deepEqual(merged(attempt(1), undefined), attempt(1));
    assert.deepEqual(merged(attempt(1), attempt(2, 'd')), attempt(2, 'd'));
    assert.deepEqual(merged(attempt(2, 'd'), attempt(1)), attempt(2, 'd'));
  });

  it('have had an effect as soon as one of them saw it', () => {
    assert.deepEqual(merged(attempt(1, 'd'), attempt(1)), attempt(1));
    assert.deepEqual(merged(attempt(1), attempt(1, 'd')), attempt(1));
  });
});
