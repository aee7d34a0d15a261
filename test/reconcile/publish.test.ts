import assert from 'node:assert/strict';
import { terminal } from '../../controller/errors.ts';
import { look } from '../../controller/reconcile/look.ts';
import { NO_MEMORY, readMemory, writeMemory } from '../../controller/reconcile/memory.ts';
import type { View } from '../../controller/reconcile/look.ts';
import { publishView } from '../../controller/reconcile/publish.ts';
import { instantClock } from '../support/fake-clock.ts';
import { document, observed } from '../support/scrape-world.ts';
import {
  cut,
  file,
  LOOK,
  lookPorts,
  memoryPublisher,
  memoryReader,
  memorySource,
  never,
  PUBLISHED,
  whole,
} from './ports.ts';
import type { MemoryPublisher } from './ports.ts';
import type { SourceSnapshot } from '../../controller/reconcile/ports.ts';

async function viewOf(...snapshots: readonly [SourceSnapshot, ...SourceSnapshot[]]): Promise<View> {
  const ports = lookPorts({ sources: [memorySource(...snapshots)] });
  let view = await look(ports, LOOK, NO_MEMORY, never());
  for (let i = 1; i < snapshots.length; i += 1) view = await look(ports, LOOK, view.memory, never());
  return view;
}

const portsOf = (publisher: MemoryPublisher) => ({ publisher, checker: undefined, clock: instantClock() });

const publishVia = async (publisher: MemoryPublisher, view: View) =>
  (await publishView(view, portsOf(publisher), never())).publication;

const pathsOf = ({ bundles }: MemoryPublisher): string[] =>
  [...(bundles.at(-1)?.targetFiles.keys() ?? [])].toSorted();

const onDisk = (...paths: readonly string[]) => ({
  read: async () => new Map(paths.map((path) => [path, new Set(['10.0.0.1:80'])])),
});

/** A source that could only be read in part, and a file of a document that nobody has seen. */
const unexplained = (): Promise<View> =>
  look(
    lookPorts({
      sources: [memorySource(cut(webapp))],
      published: onDisk('targets/old.metrics.json', 'targets/webapp.metrics.json'),
    }),
    LOOK,
    NO_MEMORY,
    never(),
  );

const webapp = file(document());

describe('publishing a view', () => {
  it('hands the bundle to the publisher and returns how it went', async () => {
    const publisher = memoryPublisher();
    const view = await viewOf(whole(webapp));
    const publication = await publishVia(publisher, view);
    assert.deepEqual(publication, { kind: 'published', result: PUBLISHED });
    assert.deepEqual(publisher.bundles, [view.inForce.output.bundle]);
  });

  describe('while a source has not been read whole since the start', () => {
    it('publishes what is known where Prometheus has nothing else', async () => {
      const publisher = memoryPublisher();
      assert.equal((await publishVia(publisher, await viewOf(cut(webapp)))).kind, 'published');
      assert.deepEqual(pathsOf(publisher), ['targets/webapp.metrics.json']);
    });

    it('keeps the jobs that Prometheus has loaded of documents that are not seen now', async () => {
      const publisher = memoryPublisher();
      const api = file(document('', 'portNumber: 3000', 'api'), 'api.yaml');
      const before = await viewOf(whole(webapp, api));
      const { memory } = await publishView(before, portsOf(publisher), never());
      const restarted = { ...readMemory(writeMemory(memory), {}), documents: NO_MEMORY.documents };
      const ports = lookPorts({
        sources: [memorySource(cut(webapp))],
        published: onDisk(...pathsOf(publisher)),
      });
      const view = await look(ports, LOOK, restarted, never());
      const { publication } = await publishView(view, portsOf(publisher), never());
      assert.equal(publication.kind, 'published');
      assert.deepEqual(pathsOf(publisher), ['targets/api.metrics.json', 'targets/webapp.metrics.json']);
      assert.deepEqual(publisher.bundles.at(-1)?.targetFiles.get('targets/api.metrics.json'), {
        kind: 'keep',
      });
    });

    it('publishes nothing where Prometheus has targets that nothing known explains, and names them', async () => {
      const publisher = memoryPublisher();
      const publication = await publishVia(publisher, await unexplained());
      assert.equal(publication.kind === 'withheld' && publication.error.reason, 'SourceUnread');
      assert.match(
        publication.kind === 'withheld' ? publication.error.message : '',
        /targets\/old\.metrics\.json/,
      );
      assert.deepEqual(publisher.bundles, []);
    });

    it('publishes nothing to a Prometheus that runs while nothing of it is left on disk', async () => {
      const publisher = memoryPublisher();
      const ports = lookPorts({
        sources: [memorySource(cut(webapp))],
        prometheusVersion: async () => '3.5.3',
        published: onDisk(),
      });
      const publication = await publishVia(publisher, await look(ports, LOOK, NO_MEMORY, never()));
      assert.equal(publication.kind === 'withheld' && publication.error.reason, 'SourceUnread');
      assert.deepEqual(publisher.bundles, []);
    });

    it('puts the last good configuration back while it publishes nothing', async () => {
      let recovered = 0;
      const publisher = { ...memoryPublisher(), recover: async () => void (recovered += 1) };
      await publishVia(publisher, await unexplained());
      await publishVia(publisher, await viewOf(whole(webapp)));
      assert.equal(recovered, 1);
    });
  });

  it('goes on publishing what is remembered of a source that can no longer be read', async () => {
    const publisher = memoryPublisher();
    const publication = await publishVia(publisher, await viewOf(whole(webapp), cut()));
    assert.equal(publication.kind, 'published');
    assert.deepEqual([...(publisher.bundles[0]?.targetFiles.keys() ?? [])], ['targets/webapp.metrics.json']);
  });

  it('remembers of a file that Prometheus does not get what it has', async () => {
    const path = 'targets/webapp.metrics.json';
    const view = await look(
      lookPorts({
        sources: [memorySource(whole(webapp))],
        reader: memoryReader(observed()),
        published: onDisk(path),
      }),
      LOOK,
      NO_MEMORY,
      never(),
    );
    const rejected = { kind: 'rejected', message: 'no', restored: true } as const;
    const addressesAfter = async (skipped: readonly string[]) => {
      const publisher = memoryPublisher(() => ({ ...PUBLISHED, skipped, reload: rejected }));
      const { memory } = await publishView(view, portsOf(publisher), never());
      return [...(memory.published?.get(path) ?? [])];
    };
    assert.deepEqual(await addressesAfter([path]), ['10.0.0.1:80']);
    assert.deepEqual(await addressesAfter([]), ['10.0.0.1:3000']);
  });

  it('tells a failure to write instead of throwing it', async () => {
    const full = terminal({ reason: 'BundleNotWritten', message: 'no space' });
    const publisher = memoryPublisher(() => Promise.reject(full));
    assert.deepEqual(await publishVia(publisher, await viewOf(whole(webapp))), {
      kind: 'withheld',
      error: full,
    });
  });

  it('tells also what nobody foresaw', async () => {
    const publisher = memoryPublisher(() => Promise.reject(new RangeError('out of range')));
    const publication = await publishVia(publisher, await viewOf(whole(webapp)));
    assert.equal(publication.kind === 'withheld' && publication.error.reason, 'PublishFailed');
  });
});
