import assert from 'node:assert/strict';
import { terminal, transient, waiting } from '../../controller/errors.ts';
import type { BindService } from '../../controller/plan/types.ts';
import { createStatusPage, type StatusPage } from '../../controller/server/page/status-page.ts';
import type { Reply } from '../../controller/server/http.ts';
import type { StoredTarget } from '../../controller/status/stored-status.ts';
import { planOf } from '../support/plans.ts';
import { storedCondition, storedStatus, storedTarget } from '../support/stored-status.ts';
import { failedPass, passOf, published, START } from './observations.ts';

const HOSTILE = `<img src=x onerror="alert(1)">'&\u202e`;

const stalled = (name: string, message = 'Choose another registry.'): StoredTarget =>
  storedTarget({
    name,
    conditions: [
      storedCondition('RegistrySynced', 'False', { reason: 'ConflictingOwner', message }),
      storedCondition('Ready', 'False', { reason: 'ReconciliationFailed' }),
    ],
    result: { kind: 'stalled', reason: 'ConflictingOwner' },
  });

const bind = (target: string): BindService => ({
  kind: 'bindService',
  target,
  specHash: 'abc',
  service: { arn: 'a', name: target, clusterArn: 'c', clusterName: 'prod', desiredCount: 4 },
  registry: { namespace: 'apps', name: target },
  before: [],
  after: { registryArn: 'arn' },
});

describe('the status page', () => {
  let statusPage: StatusPage;
  let now = START;

  beforeEach(() => {
    now = START;
    statusPage = createStatusPage({
      clock: { now: () => now, sleep: async () => {} },
      owner: 'prod',
      version: '1.2.3',
      intervalMs: 30_000,
      dryRun: false,
    });
  });

  const reply = async (path: string, query = ''): Promise<Reply> => {
    const route =
      statusPage.routes.get(path) ?? statusPage.routes.get(path.slice(0, path.indexOf('/', 1) + 1));
    assert.ok(route !== undefined, path);
    return route(new URLSearchParams(query), path);
  };
  const show = async (path = '/', query = ''): Promise<string> => (await reply(path, query)).body;
  const pass = (...targets: readonly StoredTarget[]): void =>
    statusPage.passDone(passOf({ status: storedStatus(targets) }));
  /** Text between tags, with single blanks. */
  const textOf = (markup: string): string => markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

  it('says before the first pass that there is nothing to say', async () => {
    assert.match(textOf(await show()), /The first pass is not over yet/);
  });

  it('says first how things are: all ready, on the way, or in need of attention', async () => {
    pass(storedTarget({ name: 'a' }), storedTarget({ name: 'b' }));
    assert.match(await show(), /<h1>All 2 ScrapeTargets are ready\.<\/h1>/);
    pass(
      storedTarget({ name: 'a' }),
      storedTarget({ result: { kind: 'requeueAfter', ms: 1, reason: 'Busy' } }),
    );
    assert.match(await show(), /<h1>1 of 2 ScrapeTargets is on the way\.<\/h1>/);
    pass(storedTarget({ name: 'a' }), stalled('b'));
    assert.match(await show(), /<h1>1 of 2 ScrapeTargets needs attention\.<\/h1>/);
    assert.match(await show(), /<title>1 not ready · prod<\/title>/);
    pass();
    assert.match(await show(), /<h1>There are no ScrapeTargets\.<\/h1>/);
  });

  it('tells why something is not ready, and leads to its whole story', async () => {
    pass(stalled('payments'));
    const markup = await show();
    assert.match(
      textOf(markup),
      /payments ✕ Stalled for 0s RegistrySynced ConflictingOwner Choose another registry\./,
    );
    assert.match(markup, /<a href="\/status\/payments">payments<\/a>/);
  });

  it('tells of one ScrapeTarget what get tells: facts, conditions, each task or why it is not scraped', async () => {
    const skipped = [{ taskId: 'bbb', reason: 'It has no address.' }];
    const scraped = [{ endpoint: 'metrics', address: '10.0.0.1:3000', taskId: 'aaa' }];
    pass(storedTarget({ targets: { count: 1, held: false, scraped, skipped } }));
    const text = textOf(await show('/status/webapp'));
    assert.match(text, /Source s3:\/\/docs\/webapp\.yaml, revision e1, published from commit 1a2b3c4/);
    assert.match(text, /ServiceBound ✓ True 0s Fine ServiceBound is True\./);
    assert.match(text, /bbb ◔ Not scraped It has no address\. aaa ✓ Scraped 10\.0\.0\.1:3000 metrics/);
  });

  it('has no page for a name that no ScrapeTarget has', async () => {
    pass(storedTarget());
    assert.equal((await reply('/status/nothing')).status, 404);
    assert.equal((await reply('/status/__proto__')).status, 404);
    assert.equal((await reply('/status/')).status, 404);
  });

  it('shows what others wrote as text, whatever it holds', async () => {
    const problems = [{ where: HOSTILE, reason: HOSTILE, message: HOSTILE }];
    const tagged = {
      count: 1,
      registries: [{ namespace: HOSTILE, name: HOSTILE, count: 1 }],
      skipped: [HOSTILE],
      unread: [HOSTILE],
    };
    const service = { cluster: HOSTILE, name: HOSTILE, arn: HOSTILE, bound: true };
    const scraped = [{ endpoint: HOSTILE, address: HOSTILE, taskId: HOSTILE }];
    const target = {
      ...stalled(HOSTILE, HOSTILE),
      service,
      targets: { count: 1, held: true, scraped, skipped: [{ taskId: HOSTILE, reason: HOSTILE }] },
    };
    statusPage.passDone(
      passOf({
        status: storedStatus([target, { ...target, name: 'plain' }], { problems, tagged }),
        plan: planOf([bind(HOSTILE)]),
        publication: published({ reload: { kind: 'rejected', message: HOSTILE, restored: true } }),
      }),
    );
    statusPage.passDone(
      failedPass(transient({ reason: HOSTILE, message: HOSTILE, where: HOSTILE, remedy: HOSTILE })),
    );
    for (const markup of [
      await show('/', `name=${encodeURIComponent(HOSTILE)}`),
      await show(),
      await show('/status/plain'),
    ]) {
      assert.doesNotMatch(markup, /<img|onerror="/);
      assert.doesNotMatch(markup, /\u202e/);
      assert.match(markup, /&lt;img src=x onerror=&quot;alert\(1\)&quot;&gt;&#39;&amp;\ufffd/);
    }
  });

  it('lets nothing in but its own style and script, and is framed by nobody', async () => {
    const { headers, body } = await reply('/');
    const policy = headers?.['content-security-policy'] ?? '';
    assert.match(policy, /^default-src 'none'; style-src 'self'; script-src 'self';/);
    assert.match(policy, /base-uri 'none'; frame-ancestors 'none'$/);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
    assert.doesNotMatch(body, /<style|style=|<script(?! src="\/page\.js" defer><\/script>)|https?:\/\//);
    for (const path of ['/page.css', '/page.js', '/page.svg'])
      assert.match(body + (await show('/page.css')), new RegExp(path.replace('.', '\\.')), path);
    assert.doesNotMatch(await show('/page.css'), /@import|url\(|https?:/);
  });

  it('comes anew without a script, and only then', async () => {
    assert.match(await show(), /<noscript>\s*<meta http-equiv="refresh" content="15"\s*\/?>\s*<\/noscript>/);
  });

  it('keeps what it shows when a pass fails, and says so until one succeeds', async () => {
    pass(storedTarget());
    statusPage.passDone(
      failedPass(terminal({ reason: 'AccessDenied', message: 'Not allowed.', remedy: 'Allow it.' })),
    );
    const text = textOf(await show());
    assert.match(text, /The last pass failed AccessDenied Not allowed\. Allow it\./);
    assert.match(text, /webapp ✓ Ready/);
    pass(storedTarget());
    assert.doesNotMatch(await show(), /The last pass failed/);
  });

  it('tells which changes that replace tasks are not made yet, and what they wait for', async () => {
    const [held, next, done] = [bind('held'), bind('next'), bind('done')];
    const error = waiting({ reason: 'RolloutLimit', message: 'Another service rolls.' });
    statusPage.passDone(
      passOf({
        status: storedStatus(),
        plan: planOf([next, done]),
        outcomes: [
          { change: held, result: { kind: 'held', error } },
          { change: done, result: { kind: 'applied' } },
        ],
      }),
    );
    const text = textOf(await show());
    assert.match(text, /next service prod\/next 4 It is its turn in one of the next passes\./);
    assert.match(text, /held service prod\/held 4 Another service rolls\./);
    assert.doesNotMatch(text, /prod\/done/);
    pass(storedTarget());
    assert.match(textOf(await show()), /nothing disruptive is planned/);
  });

  it('tells how the last ten reloads ended, the newest first', async () => {
    for (let minute = 0; minute < 12; minute += 1)
      statusPage.passDone(
        passOf(
          {
            status: storedStatus(),
            publication: published(
              minute === 11
                ? { reload: { kind: 'rejected', message: 'bad regex', restored: true } }
                : { reload: { kind: 'confirmed', at: '' }, written: ['a'] },
            ),
          },
          START + minute * 60_000,
        ),
      );
    now = START + 11 * 60_000;
    pass(storedTarget());
    const text = textOf(await show());
    assert.match(
      text,
      /0s ago ✕ Refused The last good configuration is in force again\. bad regex 60s ago ✓ Confirmed 1 files? written/,
    );
    assert.equal(text.match(/Confirmed 1/g)?.length, 9);
  });

  it('finds by a part of the name, and by what is not ready', async () => {
    pass(storedTarget({ name: 'alpha' }), stalled('beta'), storedTarget({ name: 'gamma' }));
    const rows = async (query: string): Promise<readonly string[]> => {
      const table =
        /<section aria-labelledby="targets"[^]*?<\/section>/.exec(await show('/', query))?.[0] ?? '';
      return [...table.matchAll(/href="\/status\/(\w+)"/g)].map(([, name]) => name ?? '');
    };
    assert.deepEqual(await rows(''), ['alpha', 'beta', 'gamma']);
    assert.deepEqual(await rows('name=amm'), ['gamma']);
    assert.deepEqual(await rows('show=open'), ['beta']);
    assert.match(textOf(await show('/', 'name=zzz')), /None of them is like that\./);
  });

  it('stays small however many ScrapeTargets there are', async () => {
    pass(...Array.from({ length: 2000 }, (_, i) => stalled(`service-${i}`)));
    const markup = await show();
    assert.ok(markup.length < 1_000_000, String(markup.length));
    assert.match(textOf(markup), /and 1980 more/);
    assert.match(textOf(markup), /1500 more are not shown/);
  });

  it('says that a dry run is one', async () => {
    const options = {
      clock: { now: () => now, sleep: async () => {} },
      owner: 'prod',
      version: '1',
      intervalMs: 30_000,
    };
    statusPage = createStatusPage({ ...options, dryRun: true });
    assert.match(textOf(await show()), /dry run · no pass yet · every 30s/);
  });
});
