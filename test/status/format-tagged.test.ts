import assert from 'node:assert/strict';
import { formatTagged } from '../../controller/status/format-tagged.ts';

const NONE = { count: 0, registries: [], skipped: [], unread: [] };

describe('registries without a document, as get shows them', () => {
  it('are a table of how many targets each gives', () => {
    const registries = [
      { namespace: 'apps', name: 'legacy', count: 12 },
      { namespace: '', name: '', count: 1 },
    ];
    assert.equal(
      formatTagged({ ...NONE, count: 13, registries }),
      [
        'REGISTRY WITHOUT A DOCUMENT   TARGETS',
        'apps/legacy                   12',
        '(not known yet)               1',
        '',
      ].join('\n'),
    );
  });

  it('say why something is not scraped, or is kept as it was, and forge no line', () => {
    const text = formatTagged({ ...NONE, skipped: ['registry a/b: no\nREADY'], unread: ['Not allowed.'] });
    assert.equal(
      text,
      'No registries without a document are scraped.\nnot scraped: registry a/b: no READY\nkept as it was: Not allowed.\n',
    );
  });
});
