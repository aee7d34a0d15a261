import assert from 'node:assert/strict';
import { openOperatorServer, type OperatorServer } from '../../controller/server/operator-server.ts';
import { createTargetLists } from '../../controller/server/target-lists.ts';
import type { StoredTarget } from '../../controller/status/stored-status.ts';
import { passOf, published, START } from '../server/observations.ts';
import { openTab, type Tab } from '../support/chromium.ts';
import { requireChromium } from '../support/install-chromium.ts';
import { storedCondition, storedStatus, storedTarget } from '../support/stored-status.ts';

const HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
const ignore = (): void => {};

const stalled = (name: string): StoredTarget =>
  storedTarget({
    name,
    conditions: [
      storedCondition('RegistrySynced', 'False', { reason: 'ConflictingOwner', message: HOSTILE }),
      storedCondition('Ready', 'False'),
    ],
    result: { kind: 'stalled', reason: 'ConflictingOwner' },
  });

const LONG = 'a-team-with-a-long-name-and-a-service-with-a-longer-one-in-prod';

const TARGETS = [
  storedTarget({ name: LONG }),
  stalled('payments'),
  storedTarget({ name: 'orders', result: { kind: 'retry', reason: 'Throttled' } }),
  storedTarget({
    name: 'webapp',
    targets: {
      count: 1,
      held: true,
      scraped: [
        {
          endpoint: 'metrics',
          address: '[2001:db8:85a3:8d3:1319:8a2e:370:7348]:3000',
          taskId: 'a'.repeat(32),
        },
      ],
      skipped: [{ taskId: 'b'.repeat(32), reason: 'It has no address.' }],
    },
  }),
];

/** The least contrast of all text with what is behind it, as WCAG 2 measures it, and whose it is. */
const LEAST_CONTRAST = `(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (color) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const behind = (element) => { for (let at = element; at; at = at.parentElement) { const color = rgba(getComputedStyle(at).backgroundColor); if (color[3] === 255) return color; } return [255, 255, 255]; };
  const light = (color) => color.slice(0, 3).map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ratio = (a, b) => { const [high, low] = [light(a), light(b)].sort((x, y) => y - x); return (high + 0.05) / (low + 0.05); };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let least = { ratio: 21, text: '', seen: 0 };
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.nodeValue.trim();
    if (text === '' || !element.checkVisibility() || element.closest('noscript')) continue;
    const found = ratio(rgba(getComputedStyle(element).color), behind(element));
    least = { ...(found < least.ratio ? { ratio: found, text } : least), seen: least.seen + 1 };
  }
  return JSON.stringify(least);
})()`;

/** Resolves to what the expression says as soon as that is not false. */
const eventually = (expression: string): string =>
  `new Promise((resolve) => { const ask = () => { const found = ${expression}; if (found) resolve(found); else setTimeout(ask, 20); }; ask(); })`;

describe('the status page in a browser', () => {
  let server: OperatorServer;
  let tab: Tab;

  before(async function () {
    const { binary, env } = await requireChromium(this);
    tab = await openTab(binary, env);
  });

  after(() => tab?.close());

  beforeEach(async () => {
    server = await openOperatorServer({
      host: '127.0.0.1',
      port: 0,
      version: '1.2.3',
      owner: 'prod',
      dryRun: false,
      intervalMs: 30_000,
      sources: [],
      lists: createTargetLists(),
      awsCalls: { callsByApi: () => ({}), throttlesByApi: () => ({}) },
      clock: { now: () => START, sleep: async () => {} },
      logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    });
    const rejected = published({ reload: { kind: 'rejected', message: HOSTILE, restored: true } });
    server.passDone(passOf({ status: storedStatus(TARGETS), publication: rejected }));
    await tab.look({});
  });

  afterEach(() => server.close());

  it('is shown with its style and script, and runs nothing that others wrote', async () => {
    await tab.open(`${server.url}/`);
    assert.equal(
      await tab.evaluate('document.querySelector("h1").textContent'),
      '1 of 4 ScrapeTargets needs attention.',
    );
    assert.equal(await tab.evaluate('document.title'), '2 not ready · prod');
    assert.equal(await tab.evaluate('document.querySelectorAll("main img, main script").length'), 0);
    assert.equal(
      await tab.evaluate('getComputedStyle(document.querySelector(".verdict")).borderLeftWidth'),
      '6px',
    );
    assert.equal(await tab.evaluate('document.documentElement.dataset.refresh'), 'script');
    assert.deepEqual(tab.complaints, []);
  });

  it('lets a script that got in all the same do nothing', async () => {
    await tab.open(`${server.url}/`);
    await tab.evaluate(
      'document.body.append(Object.assign(document.createElement("script"), { textContent: "window.broken = 1" }))',
    );
    assert.equal(await tab.evaluate('typeof window.broken'), 'undefined');
    assert.ok(tab.complaints.length > 0);
  });

  for (const scheme of ['light', 'dark'] as const)
    for (const path of ['/', '/status/payments', '/status/webapp', '/status/nothing'])
      it(`can be read: every text of ${path} has a contrast of 4.5 or more, ${scheme}`, async () => {
        await tab.look({ scheme });
        await tab.open(server.url + path);
        const { ratio, text, seen } = JSON.parse(String(await tab.evaluate(LEAST_CONTRAST))) as Record<
          string,
          number
        >;
        assert.ok(Number(seen) > 5);
        assert.ok(Number(ratio) >= 4.5, `${text}: ${ratio}`);
      });

  it('is dark where the system is', async () => {
    const ground = 'getComputedStyle(document.body).backgroundColor';
    await tab.open(`${server.url}/`);
    const light = await tab.evaluate(ground);
    await tab.look({ scheme: 'dark' });
    assert.notEqual(await tab.evaluate(ground), light);
  });

  for (const path of ['/', '/status/webapp', `/status/${LONG}`])
    it(`fits on a telephone: ${path} is not wider than it`, async () => {
      await tab.look({ width: 360 });
      await tab.open(server.url + path);
      assert.equal(await tab.evaluate('document.documentElement.scrollWidth'), 360);
      assert.equal(
        await tab.evaluate(
          '[...document.querySelectorAll(".scroll")].filter((box) => box.scrollWidth > box.clientWidth).length',
        ),
        0,
      );
    });

  it('is a page of headings, landmarks, and tables whose rows have names', async () => {
    await tab.open(`${server.url}/`);
    const count = (selector: string): Promise<unknown> =>
      tab.evaluate(`document.querySelectorAll('${selector}').length`);
    assert.equal(await count('main'), 1);
    assert.equal(await count('h1'), 1);
    assert.equal(await count('table'), await count('table > caption'));
    assert.equal(await count('tbody tr'), await count('tbody tr > th[scope=row]'));
    assert.equal(await count('input:not(label input)'), 0);
    assert.equal(await tab.evaluate('document.documentElement.lang'), 'en');
  });

  it('follows by itself, and touches nothing but what changed', async () => {
    await tab.open(`${server.url}/`);
    await tab.evaluate('window.kept = document.querySelector("#targets + form + .scroll tbody tr")');
    await tab.evaluate('document.querySelector("input[type=search]").value = "half a na"');
    await tab.evaluate('document.querySelector("a[href=\\"/status/webapp\\"]").focus()');
    server.passDone(passOf({ status: storedStatus(TARGETS.filter(({ name }) => name !== 'payments')) }));
    assert.equal(
      await tab.evaluate(
        eventually('/on the way/.test(document.querySelector("h1").textContent) && document.title'),
      ),
      '1 not ready · prod',
    );
    assert.equal(await tab.evaluate('window.kept.isConnected'), true);
    assert.equal(await tab.evaluate('document.querySelector("input[type=search]").value'), 'half a na');
    assert.equal(await tab.evaluate('document.querySelector("[role=status]").hidden'), true);
  }).timeout(30_000);

  it('says when the controller does not answer any more, and keeps what it shows', async () => {
    await tab.open(`${server.url}/`);
    await server.close();
    assert.equal(await tab.evaluate(eventually('!document.querySelector("[role=status]").hidden')), true);
    assert.match(String(await tab.evaluate('document.querySelector("main").textContent')), /payments/);
  }).timeout(30_000);

  it('works without scripts: it is whole, comes anew by itself, and its filter filters', async () => {
    await tab.look({ script: false });
    await tab.open(`${server.url}/?name=web&show=open`);
    await tab.look({ script: true });
    assert.equal(await tab.evaluate('document.documentElement.dataset.refresh'), undefined);
    assert.equal(
      await tab.evaluate('document.querySelector("noscript meta").getAttribute("http-equiv")'),
      'refresh',
    );
    await tab.open(`${server.url}/?name=web`);
    assert.equal(
      await tab.evaluate('document.querySelectorAll("section[aria-labelledby=targets] tbody tr").length'),
      1,
    );
  });
});
