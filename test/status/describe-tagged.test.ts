import assert from 'node:assert/strict';
import { terminal } from '../../controller/errors.ts';
import { describeTagged } from '../../controller/status/describe-tagged.ts';

const at = (...targets: string[]) => targets.map((target) => ({ targets: [target], labels: {} }));

describe('what the status says of registries without a document', () => {
  it('is how many targets each gives, and in all, an address that is in two counted once', () => {
    const entries = new Map([
      ['apps.local/web', at('10.0.0.1:1', '10.0.0.2:1')],
      ['apps.local/api', at('10.0.0.1:1')],
    ]);
    const { count, registries } = describeTagged({ failures: [], skipped: [] }, entries);
    assert.equal(count, 2);
    assert.deepEqual(registries, [
      { namespace: 'apps.local', name: 'api', count: 1 },
      { namespace: 'apps.local', name: 'web', count: 2 },
    ]);
  });

  it('names what an earlier process found by no name', () => {
    const { registries } = describeTagged({ failures: [], skipped: [] }, new Map([['', at('10.0.0.1:1')]]));
    assert.deepEqual(registries, [{ namespace: '', name: '', count: 1 }]);
  });

  it('tells why something is not scraped or not read, sorted and without credentials', () => {
    const failures = [terminal({ reason: 'X', message: 'No answer from http://u:p@host/.', where: 'apps' })];
    const told = describeTagged({ failures, skipped: ['b', 'a'] }, new Map());
    assert.deepEqual(told.skipped, ['a', 'b']);
    assert.deepEqual(told.unread, ['apps: No answer from http://***@host/.']);
  });
});
