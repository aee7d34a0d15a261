import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CONDITION_TYPES } from '../../controller/status/types.ts';
import { storedStatus } from '../support/stored-status.ts';
import { condition, passOf, statusOf } from './observations.ts';
import { metricsAfter, named, ownSeries, seriesAfter } from './series.ts';

describe('metrics of ScrapeTargets', () => {
  const held = (name: string, reason: string) =>
    statusOf(name, {
      targets: undefined,
      lastCompleteRead: '2025-12-31T23:00:00.500Z',
      conditions: [condition('TargetsDiscovered', 'Unknown', reason, 'arn:aws:ecs:eu-west-1:1:cluster/c')],
    });

  it('show why targets are held, since when, and how many there are', async () => {
    const series = await seriesAfter(
      passOf({ statuses: [statusOf('webapp', { targets: 5 })] }),
      passOf({ statuses: [held('webapp', 'AccessDenied')] }),
    );
    assert.equal(series.get('targets_held{scrape_target="webapp",reason="AccessDenied"}'), 1);
    assert.equal(
      series.get('last_complete_read_timestamp_seconds{scrape_target="webapp"}'),
      Date.UTC(2025, 11, 31, 23) / 1000 + 0.5,
    );
    assert.equal(series.get('targets{scrape_target="webapp"}'), 5);
  });

  it('hold nothing once AWS has told all again, or while a ScrapeTarget is suspended', async () => {
    const series = await seriesAfter(
      passOf({ statuses: [held('webapp', 'Throttled'), held('other', 'Throttled')] }),
      passOf({ statuses: [statusOf('webapp'), held('other', 'Suspended')] }),
    );
    assert.deepEqual(named(series, 'targets_held'), []);
  });

  it('count a believed empty read as zero targets', async () => {
    const series = await seriesAfter(
      passOf({ statuses: [statusOf('webapp', { targets: 5 })] }),
      passOf({ statuses: [statusOf('webapp', { targets: 0 })] }),
    );
    assert.equal(series.get('targets{scrape_target="webapp"}'), 0);
  });

  it('disappear with their ScrapeTarget', async () => {
    const series = await seriesAfter(
      passOf({ statuses: [statusOf('webapp'), held('gone', 'Throttled')] }),
      passOf({ statuses: [statusOf('webapp')] }),
    );
    assert.deepEqual(
      [...series.keys()].filter((key) => key.includes('gone')),
      [],
    );
    assert.ok(series.has('targets{scrape_target="webapp"}'));
  });

  it('show each condition once, with the status it has now', async () => {
    const turned = (status: 'True' | 'False') =>
      passOf({ statuses: [statusOf('webapp', { conditions: [condition('Ready', status)] })] });
    const series = await seriesAfter(turned('True'), turned('False'));
    assert.deepEqual(named(series, 'condition_status'), [
      'condition_status{name="webapp",type="Ready",status="False"}',
    ]);
  });

  it('count documents in force, invalid, suspended, and kept in an older version', async () => {
    const refused = condition('Accepted', 'False', 'InvalidSpec');
    const statuses = [
      statusOf('good'),
      statusOf('resting', { conditions: [condition('Suspended', 'True')] }),
      statusOf('kept', { conditions: [refused] }),
      statusOf('never', { specHash: '', targets: undefined, conditions: [refused] }),
    ];
    const series = await seriesAfter(passOf({ statuses, invalidDocuments: 3 }));
    const count = (state: string): number | undefined =>
      series.get(`managed_resources{kind="ScrapeTarget",state="${state}"}`);
    assert.deepEqual(['selected', 'rejected', 'suspended', 'last_known_good'].map(count), [3, 3, 1, 1]);
  });

  it('count what is scraped without a document, and are absent where nobody looks for that', async () => {
    const tagged = { count: 7, registries: [], skipped: ['a', 'b'], unread: [] };
    const series = await seriesAfter(passOf({ status: storedStatus([], { tagged }) }));
    assert.equal(series.get('tagged_targets'), 7);
    assert.equal(series.get('tagged_skipped'), 2);
    const without = await seriesAfter(passOf({ status: storedStatus([]) }));
    assert.equal(without.has('tagged_targets'), false);
  });

  it('never make a label of an ARN or a message, whatever a reason looks like', async () => {
    const strange = ['arn:aws:ecs:eu-west-1:1:task/t', 'not a reason', '', '"} 1\nup 1', 'A'.repeat(200)];
    const statuses = strange.map((reason, index) => held(`t${index}`, reason));
    const text = await metricsAfter(passOf({ statuses })).text();
    assert.doesNotMatch(text, /arn:|not a reason|AAAA|A message/);
    assert.equal(named(ownSeries(text), 'targets_held').length, strange.length);
  });

  it('number no more series than the ScrapeTargets allow, however often they turn', async () => {
    const status = fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      targets: fc.option(fc.nat(100), { nil: undefined }),
      type: fc.constantFrom(...CONDITION_TYPES),
      status: fc.constantFrom('True', 'False', 'Unknown'),
      reason: fc.string(),
    });
    const passes = fc.array(fc.uniqueArray(status, { selector: ({ name }) => name }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(passes, async (history) => {
        const statuses = history.map((pass) =>
          pass.map(({ name, targets, type, status, reason }) =>
            statusOf(name, { targets, conditions: [condition(type, status, reason)] }),
          ),
        );
        const series = await seriesAfter(...statuses.map((pass) => passOf({ statuses: pass })));
        const last = history.at(-1)?.length ?? 0;
        for (const name of [
          'condition_status',
          'targets',
          'targets_held',
          'last_complete_read_timestamp_seconds',
        ])
          assert.ok(named(series, name).length <= last, name);
      }),
      { numRuns: 30 },
    );
  });
});
