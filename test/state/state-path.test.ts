import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ownersOf, statusPath } from '../../controller/state/state-path.ts';

const owners = fc.string({ unit: 'grapheme', minLength: 1 });

describe('where the status of an owner is stored', () => {
  it('is a path that reads like the owner', () => {
    assert.equal(statusPath('prod-eu_1'), 'prod-eu_1/status');
  });

  it('is allowed in S3, in the Parameter Store and in a directory, whatever the owner is called', () => {
    fc.assert(
      fc.property(owners, (owner) => assert.match(statusPath(owner), /^(?!\.\.?\/)[A-Za-z0-9_.-]+\/status$/)),
    );
    assert.equal(statusPath('..'), '.2e.2e/status');
  });

  it('is another one for another owner, and tells which owner it is', () => {
    fc.assert(fc.property(owners, (owner) => assert.deepEqual(ownersOf([statusPath(owner)]), [owner])));
  });

  it('is nothing else that lies there', () => {
    assert.deepEqual(ownersOf(['status', '/status', 'prod/inventory', 'prod/status/x', 'prod/status']), [
      'prod',
    ]);
  });
});
