import assert from 'node:assert/strict';
import { parseListenAddress } from '../../controller/cli/listen-address.ts';
import { parseCommand } from '../../controller/cli/options.ts';

describe('a listen address', () => {
  it('is host and port, or off', () => {
    assert.deepEqual(parseListenAddress('127.0.0.1:9400'), {
      kind: 'address',
      host: '127.0.0.1',
      port: 9400,
    });
    assert.deepEqual(parseListenAddress('[::1]:0'), { kind: 'address', host: '::1', port: 0 });
    assert.deepEqual(parseListenAddress('my-host.local:80'), {
      kind: 'address',
      host: 'my-host.local',
      port: 80,
    });
    assert.deepEqual(parseListenAddress('off'), { kind: 'off' });
  });

  for (const text of [
    '',
    '9400',
    ':9400',
    '*:9400',
    '::1:9400',
    'host',
    'host:',
    'host:65536',
    'host:-1',
    'http://host:1',
    'OFF',
  ])
    it(`is not ${JSON.stringify(text)}`, () => {
      assert.equal(parseListenAddress(text), undefined);
    });

  it('is loopback unless somebody asks for more', () => {
    const given = (args: readonly string[], env = {}): string | undefined =>
      parseCommand(args, ['listen'], env).options.string('listen');
    assert.equal(given([]), '127.0.0.1:9400');
    assert.equal(given([], { SCRAPECTL_LISTEN: 'off' }), 'off');
    assert.equal(given(['--listen', '0.0.0.0:9400']), '0.0.0.0:9400');
  });

  it('that is none is refused before anything starts', () => {
    assert.throws(() => parseCommand(['--listen', '9400'], ['listen'], {}), {
      reason: 'Usage',
      message: '--listen is "9400", but must be HOST:PORT, such as 127.0.0.1:9400 or [::1]:9400, or off.',
    });
  });
});
