import assert from 'node:assert/strict';
import { openTargetsServer, type TargetsServer } from '../../controller/server/targets-server.ts';

const ignore = (): void => {};

describe('the server of targets', () => {
  let server: TargetsServer;

  beforeEach(async () => {
    const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
    server = await openTargetsServer({ host: '127.0.0.1', port: 0, logger });
  });

  afterEach(() => server.close());

  const get = async (): Promise<[number, string | null, string]> => {
    const response = await fetch(`${server.url}/prometheus-targets`);
    return [response.status, response.headers.get('content-type'), await response.text()];
  };

  it('fails as long as nobody knows all targets, so that Prometheus keeps those that it has', async () => {
    assert.equal((await get())[0], 503);
    server.show({ json: '[1]\n', unread: 'Not allowed.' });
    assert.deepEqual(await get(), [503, 'text/plain; charset=utf-8', 'Not allowed.\n']);
  });

  it('shows what is known as JSON, also when a later read fails', async () => {
    server.show({ json: '[]\n', unread: undefined });
    assert.deepEqual(await get(), [200, 'application/json; charset=utf-8', '[]\n']);
    server.show({ json: '[1]\n', unread: 'Not allowed.' });
    assert.deepEqual(await get(), [200, 'application/json; charset=utf-8', '[1]\n']);
  });
});
