import assert from 'node:assert/strict';
import { terminal } from '../../controller/errors.ts';
import { look } from '../../controller/reconcile/look.ts';
import { NO_MEMORY } from '../../controller/reconcile/memory.ts';
import type { View } from '../../controller/reconcile/look.ts';
import { publishView } from '../../controller/reconcile/publish.ts';
import { instantClock } from '../support/fake-clock.ts';
import { document } from '../support/scrape-world.ts';
import {
  cut,
  file,
  LOOK,
  lookPorts,
  memoryPublisher,
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

const publishVia = async (publisher: MemoryPublisher, view: View) =>
  (await publishView(view, { publisher, checker: undefined, clock: instantClock() }, never())).publication;

const webapp = file(document());

describe('publishing a view', () => {
  it('hands the bundle to the publisher and returns how it went', async () => {
    const publisher = memoryPublisher();
    const view = await viewOf(whole(webapp));
    const publication = await publishVia(publisher, view);
    assert.deepEqual(publication, { kind: 'published', result: PUBLISHED });
    assert.deepEqual(publisher.bundles, [view.inForce.output.bundle]);
  });

  it('publishes nothing while a source has not been read whole since the start', async () => {
    for (const view of [await viewOf(cut(webapp)), await viewOf(cut(webapp), cut(webapp))]) {
      const publisher = memoryPublisher();
      const publication = await publishVia(publisher, view);
      assert.equal(publication.kind === 'withheld' && publication.error.reason, 'SourceUnread');
      assert.deepEqual(publisher.bundles, []);
    }
  });

  it('puts the last good configuration back while it publishes nothing', async () => {
    let recovered = 0;
    const publisher = { ...memoryPublisher(), recover: async () => void (recovered += 1) };
    await publishVia(publisher, await viewOf(cut(webapp)));
    await publishVia(publisher, await viewOf(whole(webapp)));
    assert.equal(recovered, 1);
  });

  it('goes on publishing what is remembered of a source that can no longer be read', async () => {
    const publisher = memoryPublisher();
    const publication = await publishVia(publisher, await viewOf(whole(webapp), cut()));
    assert.equal(publication.kind, 'published');
    assert.deepEqual([...(publisher.bundles[0]?.targetFiles.keys() ?? [])], ['targets/webapp.metrics.json']);
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
