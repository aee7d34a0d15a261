import assert from 'node:assert/strict';
import { terminal } from '../../controller/errors.ts';
import { look, NO_MEMORY } from '../../controller/reconcile/look.ts';
import type { View } from '../../controller/reconcile/look.ts';
import { publishView } from '../../controller/reconcile/publish.ts';
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
import type { SourceSnapshot } from '../../controller/reconcile/ports.ts';

async function viewOf(...snapshots: readonly [SourceSnapshot, ...SourceSnapshot[]]): Promise<View> {
  const ports = lookPorts({ sources: [memorySource(...snapshots)] });
  let view = await look(ports, LOOK, NO_MEMORY, never());
  for (let i = 1; i < snapshots.length; i += 1) view = await look(ports, LOOK, view.memory, never());
  return view;
}

const webapp = file(document());

describe('publishing a view', () => {
  it('hands the bundle to the publisher and returns how it went', async () => {
    const publisher = memoryPublisher();
    const view = await viewOf(whole(webapp));
    const publication = await publishView(view, publisher, never());
    assert.deepEqual(publication, { kind: 'published', result: PUBLISHED });
    assert.deepEqual(publisher.bundles, [view.bundle]);
  });

  it('publishes nothing while a source has not been read whole since the start', async () => {
    for (const view of [await viewOf(cut(webapp)), await viewOf(cut(webapp), cut(webapp))]) {
      const publisher = memoryPublisher();
      const publication = await publishView(view, publisher, never());
      assert.equal(publication.kind === 'withheld' && publication.error.reason, 'SourceUnread');
      assert.deepEqual(publisher.bundles, []);
    }
  });

  it('goes on publishing what is remembered of a source that can no longer be read', async () => {
    const publisher = memoryPublisher();
    const publication = await publishView(await viewOf(whole(webapp), cut()), publisher, never());
    assert.equal(publication.kind, 'published');
    assert.deepEqual([...(publisher.bundles[0]?.targetFiles.keys() ?? [])], ['targets/webapp.metrics.json']);
  });

  it('tells a failure to write instead of throwing it', async () => {
    const full = terminal({ reason: 'BundleNotWritten', message: 'no space' });
    const publisher = memoryPublisher(() => Promise.reject(full));
    assert.deepEqual(await publishView(await viewOf(whole(webapp)), publisher, never()), {
      kind: 'withheld',
      error: full,
    });
  });

  it('tells also what nobody foresaw', async () => {
    const publisher = memoryPublisher(() => Promise.reject(new RangeError('out of range')));
    const publication = await publishView(await viewOf(whole(webapp)), publisher, never());
    assert.equal(publication.kind === 'withheld' && publication.error.reason, 'PublishFailed');
  });
});
