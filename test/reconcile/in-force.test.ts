import assert from 'node:assert/strict';
import { waiting } from '../../controller/errors.ts';
import {
  addressesByPath,
  decideInForce,
  discoveryOf,
  renderInput,
  untriedOf,
  versionInForce,
  type Findings,
} from '../../controller/reconcile/in-force.ts';
import { NO_MEMORY, type Accepted, type Memory } from '../../controller/reconcile/memory.ts';
import { DEFAULT_BASE_CONFIG } from '../../controller/scrape/render.ts';
import { TAGGED_FILE } from '../../controller/state/tagged.ts';
import type { Discovery } from '../../controller/state/targets.ts';
import { document, observed, scrapeTarget } from '../support/scrape-world.ts';
import { file } from './ports.ts';

const NOW = Date.UTC(2026, 0, 1);
const POLICY = { share: 0.5, minimum: 10 };

const older = scrapeTarget(document('', 'portNumber: 3000'));
const newest = scrapeTarget(document('', 'portNumber: 4000'));
const api = scrapeTarget(document('', 'portNumber: 3000', 'api'));

const accepted = (target: typeof older): Accepted => ({ target, file: file('', target.origin.file) });

const addresses = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, n) => `10.0.0.${from + n}:3000`);

const discovered = (targets: readonly string[]): Discovery => ({
  kind: 'discovered',
  endpoints: new Map([['metrics', [{ targets, labels: {} }]]]),
  skipped: [],
});

function findings(overrides: Partial<Findings> = {}): Findings {
  return {
    targets: [older],
    unread: new Set(),
    discoveries: new Map([['webapp', discovered(addresses(20))]]),
    observed: observed(),
    baseConfig: DEFAULT_BASE_CONFIG,
    prometheusVersion: undefined,
    tagged: undefined,
    published: new Map([['targets/webapp.metrics.json', new Set(addresses(20))]]),
    ...overrides,
  };
}

const quarantined = (memory: Partial<Memory> = {}): Memory => ({
  ...NO_MEMORY,
  quarantine: new Map([['webapp', { specHash: newest.specHash, message: 'no', until: NOW + 1000 }]]),
  ...memory,
});

describe('what is in force', () => {
  it('is the version that Prometheus has loaded, while the newest is in quarantine', () => {
    const memory = quarantined({ confirmed: new Map([['webapp', accepted(older)]]) });
    assert.deepEqual(versionInForce(newest, memory, NOW), [older]);
  });

  it('is nothing, while a version is in quarantine and none was ever loaded', () => {
    assert.deepEqual(versionInForce(newest, quarantined(), NOW), []);
  });

  it('is the newest version once its quarantine is over, and any other version at once', () => {
    assert.deepEqual(versionInForce(newest, quarantined(), NOW + 999), []);
    assert.deepEqual(versionInForce(newest, quarantined(), NOW + 1000), [newest]);
    assert.deepEqual(versionInForce(older, quarantined(), NOW), [older]);
  });

  it('looks again for the targets of an older version, which may have other ports', () => {
    const memory = quarantined({ confirmed: new Map([['webapp', accepted(older)]]) });
    const world = findings({ targets: [newest] });
    const { input } = decideInForce(world, memory, POLICY, NOW);
    assert.deepEqual(input.targets, [older]);
    assert.notEqual(input.discoveries.get('webapp'), world.discoveries.get('webapp'));
    // Where its document is gone, too.
    assert.equal(discoveryOf(older, findings({ targets: [] })).kind, 'discovered');
  });

  it('keeps the targets of an older version while the newest is suspended, also when Prometheus refuses that', () => {
    const suspended = scrapeTarget(document('  suspend: true', 'portNumber: 4000'));
    const halted: Discovery = {
      kind: 'unknown',
      error: waiting({ reason: 'Suspended', message: 'It is suspended.' }),
    };
    const memory = quarantined({
      quarantine: new Map([['webapp', { specHash: suspended.specHash, message: 'no', until: NOW + 1000 }]]),
      confirmed: new Map([['webapp', accepted(older)]]),
    });
    const { input } = decideInForce(
      findings({ targets: [suspended], discoveries: new Map([['webapp', halted]]) }),
      memory,
      POLICY,
      NOW,
    );
    assert.deepEqual(input.targets, [older]);
    assert.equal(input.discoveries.get('webapp'), halted);
  });

  it('holds targets that would go in suspicious numbers, and says how many of how many and what to do', () => {
    const few = findings({ discoveries: new Map([['webapp', discovered(addresses(9))]]) });
    const { input, output, massLoss } = decideInForce(few, NO_MEMORY, POLICY, NOW);
    const held = input.discoveries.get('webapp');
    assert.ok(held?.kind === 'unknown');
    assert.equal(held.error.reason, 'MassLossHeld');
    assert.match(held.error.message, /^11 of 20 targets would go at once, those of ScrapeTarget webapp/);
    assert.match(held.error.remedy ?? '', /--max-target-loss/);
    assert.equal(output.bundle.targetFiles.get('targets/webapp.metrics.json')?.kind, 'keep');
    assert.equal(massLoss.lost.get('targets/webapp.metrics.json')?.size, 11);
  });

  it('lets them go when a second read says the same, and half of them at once', () => {
    const few = findings({ discoveries: new Map([['webapp', discovered(addresses(9))]]) });
    const { massLoss } = decideInForce(few, NO_MEMORY, POLICY, NOW);
    const again = decideInForce(few, { ...NO_MEMORY, lost: massLoss.lost }, POLICY, NOW);
    assert.equal(again.input.discoveries.get('webapp')?.kind, 'discovered');
    const half = findings({ discoveries: new Map([['webapp', discovered(addresses(10))]]) });
    assert.equal(decideInForce(half, NO_MEMORY, POLICY, NOW).massLoss.held.size, 0);
  });

  it('keeps the job of a document that is gone with most of the targets, until that is read twice', () => {
    const memory = { ...NO_MEMORY, confirmed: new Map([['webapp', accepted(older)]]) };
    const gone = findings({ targets: [], discoveries: new Map() });
    const first = decideInForce(gone, memory, POLICY, NOW);
    assert.deepEqual(first.input.targets, [older]);
    const second = decideInForce(gone, { ...memory, lost: first.massLoss.lost }, POLICY, NOW);
    assert.deepEqual(second.input.targets, []);
  });

  it('holds only the ScrapeTarget that loses, and lets the others move on', () => {
    const world = findings({
      targets: [older, api],
      discoveries: new Map([
        ['webapp', discovered([])],
        ['api', discovered(addresses(2, 100))],
      ]),
    });
    const { discoveries } = decideInForce(world, NO_MEMORY, POLICY, NOW).input;
    assert.equal(discoveries.get('webapp')?.kind, 'unknown');
    assert.equal(discoveries.get('api'), world.discoveries.get('api'));
  });

  it('holds nothing where nothing is known of the targets in this pass', () => {
    const world = findings({ discoveries: new Map(), observed: { ...observed(), services: new Map() } });
    const { massLoss, output } = decideInForce(world, NO_MEMORY, POLICY, NOW);
    assert.equal(massLoss.lostCount, 0);
    assert.equal(output.bundle.targetFiles.get('targets/webapp.metrics.json')?.kind, 'keep');
  });

  it('holds targets that only tags ask for like any others', () => {
    const world = findings({
      targets: [],
      discoveries: new Map(),
      tagged: { kind: 'discovered', groups: [{ targets: addresses(3), labels: {} }] },
      published: new Map([[TAGGED_FILE, new Set(addresses(20))]]),
    });
    const { input, massLoss } = decideInForce(world, NO_MEMORY, POLICY, NOW);
    assert.deepEqual([massLoss.lostCount, massLoss.total], [17, 20]);
    assert.deepEqual(input.tagged, { kind: 'held' });
  });

  it('is what Prometheus has loaded of a document that may be in a source that was not read yet', () => {
    const memory = {
      ...NO_MEMORY,
      confirmed: new Map([
        ['webapp', accepted(older)],
        ['api', accepted(api)],
      ]),
    };
    const world = findings({
      targets: [],
      discoveries: new Map(),
      unread: new Set(['webapp']),
      published: new Map(),
    });
    const { input, output } = decideInForce(world, memory, POLICY, NOW);
    assert.deepEqual(input.targets, [older]);
    const stays = input.discoveries.get('webapp');
    assert.ok(stays?.kind === 'unknown');
    assert.equal(stays.error.reason, 'SourceUnread');
    assert.match(stays.error.message, /^ScrapeTarget webapp may be in a source that could not be read yet/);
    assert.equal(output.bundle.targetFiles.get('targets/webapp.metrics.json')?.kind, 'keep');
  });

  it('keeps every target of a ScrapeTarget of which one endpoint loses too many', () => {
    const text = `${document()}    - name: admin\n      portNumber: 9090\n`;
    const both: Discovery = {
      kind: 'discovered',
      endpoints: new Map([['admin', [{ targets: addresses(5), labels: {} }]]]),
      skipped: [],
    };
    const published = new Map([
      ['targets/webapp.metrics.json', new Set(addresses(20))],
      ['targets/webapp.admin.json', new Set(addresses(5))],
    ]);
    const world = findings({
      targets: [scrapeTarget(text)],
      discoveries: new Map([['webapp', both]]),
      published,
    });
    const { input, massLoss } = decideInForce(world, NO_MEMORY, POLICY, NOW);
    assert.deepEqual([...massLoss.held], ['targets/webapp.metrics.json']);
    assert.equal(input.discoveries.get('webapp')?.kind, 'unknown');
  });

  it('has no address where a version was not looked at, and nothing to say of tags that nobody reads', () => {
    assert.deepEqual(
      [...addressesByPath([older], new Map(), undefined)],
      [['targets/webapp.metrics.json', undefined]],
    );
    const found: Discovery = { kind: 'discovered', endpoints: new Map(), skipped: [] };
    assert.deepEqual(
      [...addressesByPath([older], new Map([['webapp', found]]), undefined)],
      [['targets/webapp.metrics.json', new Set()]],
    );
    assert.deepEqual([...addressesByPath([], new Map(), { kind: 'held' })], [[TAGGED_FILE, undefined]]);
  });

  it('is untried until the very same version is loaded', () => {
    const memory = { ...NO_MEMORY, confirmed: new Map([['webapp', accepted(older)]]) };
    assert.deepEqual([...untriedOf([older, api], memory)], ['api']);
    assert.deepEqual([...untriedOf([newest, api], memory)], ['webapp', 'api']);
  });

  it('is rendered for the version of Prometheus and the tags that are known, and for none otherwise', () => {
    const input = (known: Pick<Findings, 'prometheusVersion' | 'tagged'>) => {
      const { prometheusVersion, tagged, ...rest } = renderInput(
        [],
        new Map(),
        { baseConfig: DEFAULT_BASE_CONFIG, ...known },
        NO_MEMORY,
      );
      return [prometheusVersion, tagged, Object.keys(rest)];
    };
    const rest = ['targets', 'discoveries', 'baseConfig', 'untried'];
    const tagged = { kind: 'held' } as const;
    assert.deepEqual(input({ prometheusVersion: '2.45.0', tagged }), ['2.45.0', tagged, rest]);
    assert.ok(!('tagged' in renderInput([], new Map(), findings(), NO_MEMORY)));
    assert.ok(!('prometheusVersion' in renderInput([], new Map(), findings(), NO_MEMORY)));
  });
});
