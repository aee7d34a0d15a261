import assert from 'node:assert/strict';
import type { HttpServer } from '../../controller/server/http.ts';
import {
  createTargetLists,
  type ShownTargets,
  type TargetLists,
} from '../../controller/server/target-lists.ts';
import { openTargetsServer } from '../../controller/server/targets-server.ts';
import type { TargetFile } from '../../controller/state/targets.ts';

const ignore = (): void => {};
const WEB = '[{"targets":["10.0.0.1:80"],"labels":{"a":"b"}}]';
const ADMIN = '[{"targets":["10.0.0.1:81"],"labels":{}}]';

const write = (text: string): TargetFile => ({ kind: 'write', text });
const KEEP: TargetFile = { kind: 'keep' };

const shown = (
  files: Readonly<Record<string, TargetFile>>,
  more: Partial<ShownTargets> = {},
): ShownTargets => ({
  files: new Map(Object.entries(files).map(([name, file]) => [`targets/${name}.json`, file])),
  whole: true,
  tagged: undefined,
  ...more,
});

describe('the server of targets', () => {
  let server: HttpServer;
  let lists: TargetLists;
  let disk: ReadonlyMap<string, string>;

  beforeEach(async () => {
    disk = new Map();
    const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
    lists = createTargetLists(async (path) => disk.get(path));
    server = await openTargetsServer({ host: '127.0.0.1', port: 0, lists, logger });
  });

  afterEach(() => server.close());

  const get = async (path: string): Promise<[number, string]> => {
    const response = await fetch(server.url + path);
    const text = await response.text();
    const type = response.headers.get('content-type');
    assert.equal(type, response.ok ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8');
    return [response.status, response.ok ? JSON.stringify(JSON.parse(text)) : text];
  };

  describe('of ScrapeTargets', () => {
    it('fails before the first pass, so that Prometheus keeps what it has', async () => {
      assert.deepEqual(await get('/targets/web'), [503, 'The first pass is not over yet.\n']);
      lists.show(shown({}, { files: undefined }));
      assert.equal((await get('/targets/web'))[0], 503);
    });

    it('shows all endpoints of one, or one endpoint', async () => {
      lists.show(
        shown({ 'web.metrics': write(WEB), 'web.admin': write(ADMIN), 'web-2.metrics': write('[]') }),
      );
      assert.deepEqual(await get('/targets/web/metrics'), [200, WEB]);
      assert.deepEqual(await get('/targets/web'), [200, `${WEB.slice(0, -1)},${ADMIN.slice(1)}`]);
      assert.deepEqual(await get('/targets/web-2'), [200, '[]']);
    });

    it('keeps what it shows while a pass knows nothing newer', async () => {
      lists.show(shown({ 'web.metrics': write(WEB) }));
      lists.show(shown({ 'web.metrics': KEEP }));
      lists.show(shown({}, { files: undefined }));
      assert.deepEqual(await get('/targets/web'), [200, WEB]);
    });

    it('shows what is on disk where no pass of this process knew more, and fails where nothing is', async () => {
      lists.show(shown({ 'web.metrics': KEEP }));
      assert.deepEqual(await get('/targets/web'), [503, 'The targets are not known yet.\n']);
      disk = new Map([['targets/web.metrics.json', '[{"targets":["10']]);
      assert.equal((await get('/targets/web'))[0], 503);
      disk = new Map([['targets/web.metrics.json', WEB]]);
      assert.deepEqual(await get('/targets/web'), [200, WEB]);
    });

    it('fails for all endpoints when one of them is not known', async () => {
      lists.show(shown({ 'web.metrics': write(WEB), 'web.admin': KEEP }));
      assert.equal((await get('/targets/web'))[0], 503);
      assert.deepEqual(await get('/targets/web/metrics'), [200, WEB]);
    });

    it('shows none for a document that is gone, but not when it is only unread', async () => {
      lists.show(shown({ 'web.metrics': write(WEB) }, { whole: false }));
      lists.show(shown({}, { whole: false }));
      assert.deepEqual(await get('/targets/web'), [200, WEB]);
      lists.show(shown({}));
      assert.deepEqual(await get('/targets/web'), [200, '[]']);
      assert.deepEqual(await get('/targets/web/metrics'), [200, '[]']);
      lists.show(shown({ 'web.metrics': write(WEB) }));
      assert.deepEqual(await get('/targets/web'), [200, WEB]);
    });

    it('says what is there instead of a name or an endpoint that is unknown', async () => {
      lists.show(shown({ 'webapp.metrics': write(WEB) }));
      assert.deepEqual(await get('/targets/webap'), [
        404,
        'No ScrapeTarget webap is in force. Did you mean webapp?\n',
      ]);
      assert.deepEqual(await get('/targets/zzzzzzzz'), [
        404,
        'No ScrapeTarget zzzzzzzz is in force. There is webapp.\n',
      ]);
      assert.deepEqual(await get('/targets/webapp/admin'), [
        404,
        'ScrapeTarget webapp has no endpoint admin. It has metrics.\n',
      ]);
    });

    it('does not call a name unknown while a document may be unread', async () => {
      lists.show(shown({}, { whole: false }));
      assert.equal((await get('/targets/web'))[0], 503);
    });

    for (const path of [
      '/targets/',
      '/targets/a/b/c',
      '/targets/%41',
      '/targets/A',
      '/targets/a.b',
      '/targets//',
    ])
      it(`has nothing at ${path}`, async () => {
        lists.show(shown({ 'a.b': write(WEB) }));
        assert.deepEqual(await get(path), [404, 'The path is /targets/NAME or /targets/NAME/ENDPOINT.\n']);
      });
  });

  describe('of registries without a document', () => {
    const show = (json: string, unread?: string): void => lists.show(shown({}, { tagged: { json, unread } }));

    it('fails as long as nobody knows all targets, so that Prometheus keeps those that it has', async () => {
      assert.equal((await get('/prometheus-targets'))[0], 503);
      show('[1]\n', 'Not allowed.');
      assert.deepEqual(await get('/prometheus-targets'), [503, 'Not allowed.\n']);
    });

    it('shows what is known as JSON, also when a later read fails', async () => {
      show('[]\n');
      assert.deepEqual(await get('/prometheus-targets'), [200, '[]']);
      show('[1]\n', 'Not allowed.');
      assert.deepEqual(await get('/prometheus-targets'), [200, '[1]']);
    });

    it('says so when nobody looks for them', async () => {
      lists.show(shown({}));
      assert.deepEqual(await get('/prometheus-targets'), [
        404,
        'Registries without a document are not looked for.\n',
      ]);
    });
  });
});
