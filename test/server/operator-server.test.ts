import assert from 'node:assert/strict';
import { openOperatorServer, type OperatorServer } from '../../controller/server/operator-server.ts';
import { createTargetLists } from '../../controller/server/target-lists.ts';
import { parseExposition } from './exposition.ts';
import { passOf, START, statusOf } from './observations.ts';

const ignore = (): void => {};

describe('the server of the controller', () => {
  let server: OperatorServer;
  let now = START;

  beforeEach(async () => {
    now = START;
    server = await openOperatorServer({
      host: '127.0.0.1',
      port: 0,
      version: '1.2.3',
      intervalMs: 30_000,
      sources: ['targets/'],
      lists: createTargetLists(),
      owner: 'prod',
      dryRun: false,
      awsCalls: { callsByApi: () => ({}), throttlesByApi: () => ({}) },
      clock: { now: () => now, sleep: async () => {} },
      logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    });
  });

  afterEach(() => server.close());

  const get = async (path: string): Promise<[number, string]> => {
    const response = await fetch(`${server.url}${path}`);
    return [response.status, await response.text()];
  };

  it('serves what passes found, in the format that Prometheus asks for', async () => {
    server.passDone(passOf({ statuses: [statusOf('webapp')] }));
    const response = await fetch(`${server.url}/metrics`);
    assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
    const samples = parseExposition(await response.text());
    assert.equal(samples.get('ecs_scrape_operator_targets{scrape_target="webapp"}'), 2);
  });

  it('is alive from the start, and ready from the first pass until passes stop', async () => {
    assert.deepEqual(await get('/healthz'), [200, 'ok\n']);
    assert.equal((await get('/readyz'))[0], 503);
    server.passDone(passOf());
    assert.deepEqual(await get('/readyz'), [200, 'ok\n']);
    now = START + 91_000;
    assert.equal((await get('/readyz'))[0], 503);
    assert.deepEqual(await get('/healthz'), [200, 'ok\n']);
  });

  it('tells of each check when it is asked to', async () => {
    server.passDone(passOf());
    assert.deepEqual(await get('/readyz?verbose'), [
      200,
      '[+]first-pass ok\n[+]recent-pass ok\n[+]prometheus ok\nreadyz check passed\n',
    ]);
    assert.deepEqual(await get('/healthz?verbose'), [200, '[+]ping ok\nhealthz check passed\n']);
  });
});
