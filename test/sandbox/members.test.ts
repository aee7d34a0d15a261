import assert from 'node:assert/strict';
import { members } from '../../controller/sandbox/members.ts';

const read = (input: Record<string, unknown>) => members(input, 'InvalidInput');

describe('members of a sandbox request', () => {
  it('that are required and absent are named as AWS names them', () => {
    assert.throws(() => read({}).requiredText('ServiceId'), {
      code: 'InvalidInput',
      message:
        "1 validation error detected: Value null at 'serviceId' failed to satisfy constraint: Member must not be null",
    });
  });

  it('that are null count as absent', () => {
    assert.equal(read({ Description: null }).text('Description'), undefined);
    assert.equal(read({ Description: null }).has('Description'), false);
  });

  it('deep inside are named with their path', () => {
    const tags = () =>
      read({ Tags: [{ Key: 'a' }, { Key: 'long' }] })
        .requiredObjects('Tags')
        .map((tag) => tag.text('Key', { max: 2 }));
    assert.throws(tags, {
      message:
        "1 validation error detected: Value 'long' at 'tags.2.member.key' failed to satisfy constraint: Member must have length less than or equal to 2",
    });
  });

  it('of another JSON type are a SerializationException, not a matter of the model', () => {
    const readers = [
      () => read({ X: 1 }).text('X'),
      () => read({ X: '1' }).integer('X'),
      () => read({ X: 1.5 }).integer('X'),
      () => read({ X: 'true' }).flag('X'),
      () => read({ X: [] }).object('X'),
      () => read({ X: {} }).objects('X'),
      () => read({ X: ['a', 1] }).texts('X'),
      () => read({ X: { a: 1 } }).textMap('X'),
    ];
    for (const reader of readers) assert.throws(reader, { code: 'SerializationException' });
  });

  it('must be in the range and the words of the model', () => {
    assert.throws(() => read({ X: 0 }).integer('X', { min: 1 }), { code: 'InvalidInput' });
    assert.throws(() => read({ X: 101 }).integer('X', { max: 100 }), { code: 'InvalidInput' });
    assert.throws(() => read({ X: 'B' }).text('X', { oneOf: ['A'] }), /enum value set: \[A\]/);
    assert.throws(() => read({ X: ['a', 'b'] }).texts('X', { max: 1 }), { code: 'InvalidInput' });
  });
});
