import assert from 'node:assert/strict';
import type { EndpointPort } from '../../controller/api/types.ts';
import { findAddress } from '../../controller/scrape/address.ts';
import type { ObservedNetworkBinding, ObservedTask } from '../../controller/state/observed.ts';
import { definition, hostTask, scrapeTarget, task } from '../support/scrape-world.ts';

const { registry } = scrapeTarget().spec;
const number = (port: number): EndpointPort => ({ kind: 'number', number: port });

const binding = (overrides: Partial<ObservedNetworkBinding>): ObservedNetworkBinding => ({
  containerName: 'web',
  containerPort: 3000,
  hostPort: 49_153,
  protocol: 'tcp',
  ...overrides,
});

/** `ip:port`, or why there is none. */
function found(subject: ObservedTask, port = 3000, mode = 'awsvpc'): string {
  const address = findAddress(subject, definition({ networkMode: mode }), number(port), registry);
  if (address.kind === 'address') return `${address.ip} ${address.port}`;
  return address.kind === 'skipped' ? address.reason : address.kind;
}

const bridged = (...networkBindings: readonly Partial<ObservedNetworkBinding>[]): string =>
  found(hostTask('aaa', '10.0.1.5', { networkBindings: networkBindings.map(binding) }), 3000, 'bridge');

describe('the address of a task', () => {
  it('has a port from 1 to 65535, and nothing else is one', () => {
    assert.equal(found(task('aaa'), 1).split(' ')[1], '1');
    assert.equal(found(task('aaa'), 65_535).split(' ')[1], '65535');
    for (const port of [0, -1, 65_536, 1.5, Number.NaN])
      assert.equal(found(task('aaa'), port), `${port} is not a port number`);
  });

  it('has a host: an empty text and what is no address are none', () => {
    assert.equal(found(task('aaa', { ipv4: '' })), 'no private IPv4 address yet');
    for (const ipv4 of ['host', ':', '::', '10.0.0'])
      assert.equal(found(task('aaa', { ipv4 })), `"${ipv4}" is not an IP address`);
  });

  it('is the IPv6 one where there is no other, also when the task definition names another mode', () => {
    const only6 = task('aaa', { ipv4: undefined, ipv6: '2600::7' });
    assert.equal(found(only6), '2600::7 3000');
    assert.equal(found(only6, 3000, 'bridge'), '2600::7 3000');
  });

  it('is always the same of several host ports: the first container by name, then the lowest port', () => {
    const [a, b, c] = [
      { containerName: 'b', hostPort: 49_001 },
      { containerName: 'a', hostPort: 49_003 },
      { containerName: 'a', hostPort: 49_002 },
    ];
    for (const order of [
      [a, b, c],
      [c, b, a],
      [b, a, c],
    ])
      assert.equal(bridged(...order), '10.0.1.5 49002');
  });

  it('is no host port of UDP, of another container port, or one that is none', () => {
    const nothing = 'no host port for container port 3000 yet';
    assert.equal(bridged({ protocol: 'udp' }), nothing);
    assert.equal(bridged({ containerPort: 3001 }), nothing);
    for (const hostPort of [0, 65_536]) assert.equal(bridged({ hostPort }), nothing);
  });
});
