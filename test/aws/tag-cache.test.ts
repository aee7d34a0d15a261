import assert from 'node:assert/strict';
import { createTagCache } from '../../controller/aws/tag-cache.ts';

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

function setUp() {
  let now = START;
  const tags = createTagCache({ now: () => now });
  return { tags, pass: (ms: number) => void (now += ms) };
}

describe('tags of registries', () => {
  it('are believed for ten minutes, and still known when they are due to be read again', () => {
    const { tags, pass } = setUp();
    tags.set('a', { team: 'web' });
    pass(10 * MINUTE - 1);
    assert.deepEqual([...tags.due(['a'], 10)], []);
    pass(1);
    assert.deepEqual([...tags.due(['a'], 10)], ['a']);
    assert.deepEqual(tags.get('a'), { team: 'web' });
  });

  it('are read again a few at a time, the longest due first, so that every registry has its turn', () => {
    const { tags, pass } = setUp();
    const arns = ['a', 'b', 'c', 'd', 'e'];
    for (const arn of arns) tags.set(arn, {});
    pass(10 * MINUTE);
    const turns: string[] = [];
    for (let observation = 0; observation < 3; observation += 1) {
      for (const arn of tags.due(arns, 2)) {
        turns.push(arn);
        tags.set(arn, {});
      }
      pass(9 * MINUTE);
    }
    assert.deepEqual(new Set(turns), new Set(arns));
  });

  it('are not due where they are unknown: those are read in any case', () => {
    const { tags } = setUp();
    assert.deepEqual([...tags.due(['a'], 10)], []);
    assert.equal(tags.get('a'), undefined);
  });

  it('that we wrote are read again sooner, and at once when they were forgotten', () => {
    const { tags, pass } = setUp();
    tags.set('a', { ours: '1' }, MINUTE);
    tags.set('b', { ours: '1' });
    pass(MINUTE);
    assert.deepEqual([...tags.due(['a', 'b'], 10)], ['a']);
    tags.delete('b');
    assert.equal(tags.get('b'), undefined);
  });
});
