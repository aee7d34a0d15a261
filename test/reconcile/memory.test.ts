import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { DocumentFile } from '../../controller/api/types.ts';
import {
  NO_MEMORY,
  readMemory,
  writeMemory,
  type Accepted,
  type Memory,
} from '../../controller/reconcile/memory.ts';
import { document, scrapeTargets } from '../support/scrape-world.ts';

const file: DocumentFile = { file: 'webapp.yaml', text: document(), revision: 'etag-1' };

function acceptedOf(source: DocumentFile): Accepted {
  const [target] = scrapeTargets(source.text);
  assert.ok(target !== undefined);
  return { target, file: source };
}

const full: Memory = {
  ...NO_MEMORY,
  documents: {
    files: new Map([['s3://b/t/', [file]]]),
    seenWhole: new Set(['s3://b/t/']),
    accepted: new Map([['webapp', acceptedOf(file)]]),
  },
  baseConfig: { uri: 'base.yml', text: 'global: {}\n' },
  confirmedBase: { uri: 'base.yml', text: 'global: {}\n' },
  refusedBase: { text: 'x', message: 'no' },
  prometheusVersion: '2.42.0',
  attempts: new Map([['webapp', { specHash: 'h', deployment: 'ecs-svc/1', sentAt: 5 }]]),
  spared: new Set(['apps/b-svc prod/b', 'apps/a-svc prod/a']),
  offered: [
    {
      base: { uri: 'base.yml', text: 'global: {}\n' },
      versions: new Map([['webapp', acceptedOf(file)]]),
    },
  ],
  confirmed: new Map([['webapp', acceptedOf(file)]]),
  quarantine: new Map([['webapp', { specHash: 'h', message: 'refused', until: 5 }]]),
  lost: new Map([['targets/webapp.metrics.json', new Set(['10.0.0.1:80', '10.0.0.2:80'])]]),
  tagged: new Map([['ecs-services/web', [{ targets: ['10.0.0.3:80'], labels: { cluster: 'shop' } }]]]),
};

describe('the memory of a controller', () => {
  it('is the same after a restart', () => {
    const again = readMemory(writeMemory(full), {});
    assert.deepEqual(again.documents.files, full.documents.files);
    assert.deepEqual(again.documents.seenWhole, full.documents.seenWhole);
    assert.equal(again.documents.accepted.get('webapp')?.target.specHash, acceptedOf(file).target.specHash);
    assert.equal(again.confirmed.get('webapp')?.target.specHash, acceptedOf(file).target.specHash);
    assert.deepEqual(
      again.offered.flatMap(({ versions }) => [...versions.keys()]),
      ['webapp'],
    );
    for (const key of [
      'baseConfig',
      'confirmedBase',
      'refusedBase',
      'prometheusVersion',
      'attempts',
      'spared',
      'quarantine',
      'lost',
      'tagged',
    ] as const)
      assert.deepEqual(again[key], full[key], key);
    assert.equal(writeMemory(again), writeMemory(full));
  });

  it('keeps a text that several things name once', () => {
    assert.equal(writeMemory(full).split('kind: ScrapeTarget').length - 1, 1);
  });

  it('forgets a version that this program would not accept', () => {
    const saved = writeMemory(full).replaceAll('portNumber', 'portNumbre');
    const again = readMemory(saved, {});
    assert.equal(again.documents.accepted.size, 0);
    assert.equal(again.documents.files.size, 1);
  });

  it('is nothing when the text is of another format', () => {
    assert.equal(readMemory('{"format":"something/9"}', {}), NO_MEMORY);
  });

  it('never throws, whatever is on the disk', () => {
    const valid = writeMemory(full);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.nat(valid.length).map((n) => valid.slice(0, n)),
        ),
        (text) => {
          readMemory(text, {});
        },
      ),
    );
    const shapes = fc.dictionary(
      fc.constantFrom(
        'sources',
        'accepted',
        'confirmed',
        'attempts',
        'quarantine',
        'lost',
        'baseConfig',
        'offered',
        'texts',
      ),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(shapes, (shape) => {
        writeMemory(readMemory(JSON.stringify({ format: 'scrapectl-memory/1', ...shape }), {}));
      }),
    );
  });
});
