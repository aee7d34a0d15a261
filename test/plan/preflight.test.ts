import assert from 'node:assert/strict';
import { bindingShape, findPortRefusal, findServiceRefusal } from '../../controller/plan/preflight.ts';
import type { DesiredBinding } from '../../controller/state/desired.ts';
import { observedService, observedTaskDefinition, portMapping } from '../support/worlds.ts';

const bare: DesiredBinding = { service: { cluster: 'demo', service: 'webapp-service' }, policy: 'Ensure' };
const withPort: DesiredBinding = { ...bare, containerName: 'app', containerPort: 3000 };

describe('preflight: network mode and record type', () => {
  const table = [
    ['awsvpc', 'A', 'arnOnly'],
    ['awsvpc', 'AAAA', 'arnOnly'],
    ['awsvpc', 'SRV', 'containerPort'],
    ['awsvpc', 'none', 'arnOnly'],
    ['bridge', 'A', 'refused'],
    ['bridge', 'AAAA', 'refused'],
    ['bridge', 'SRV', 'containerPort'],
    ['bridge', 'none', 'containerPort'],
    ['host', 'A', 'refused'],
    ['host', 'AAAA', 'refused'],
    ['host', 'SRV', 'containerPort'],
    ['host', 'none', 'containerPort'],
    ['none', 'A', 'refused'],
    ['none', 'SRV', 'refused'],
    ['none', 'none', 'refused'],
    ['a-mode-of-the-future', 'SRV', 'refused'],
  ] as const;
  for (const [mode, records, shape] of table) {
    it(`${mode} with ${records} records is ${shape}`, () => assert.equal(bindingShape(mode, records), shape));
  }
});

describe('preflight: ports', () => {
  const reason = (binding: DesiredBinding, records: 'A' | 'AAAA' | 'SRV' | 'none', networkMode: string) =>
    findPortRefusal(binding, records, observedTaskDefinition({ networkMode }))?.reason;

  it('accepts what ECS accepts', () => {
    assert.equal(reason(bare, 'A', 'awsvpc'), undefined);
    assert.equal(reason(bare, 'none', 'awsvpc'), undefined);
    assert.equal(reason(withPort, 'none', 'awsvpc'), undefined);
    for (const mode of ['awsvpc', 'bridge', 'host']) assert.equal(reason(withPort, 'SRV', mode), undefined);
    for (const mode of ['bridge', 'host']) assert.equal(reason(withPort, 'none', mode), undefined);
  });

  it('refuses a container port with A records in awsvpc', () => {
    for (const records of ['A', 'AAAA'] as const)
      assert.equal(reason(withPort, records, 'awsvpc'), 'PortNotAllowed');
  });

  it('wants a container and a port for SRV records, and in bridge and host mode for HTTP namespaces', () => {
    for (const mode of ['awsvpc', 'bridge', 'host'])
      assert.equal(reason(bare, 'SRV', mode), 'ContainerPortRequired');
    for (const mode of ['bridge', 'host']) assert.equal(reason(bare, 'none', mode), 'ContainerPortRequired');
    assert.equal(reason({ ...bare, containerName: 'app' }, 'SRV', 'awsvpc'), 'ContainerPortRequired');
  });

  it('refuses A records in bridge and host mode and tells to use SRV', () => {
    const refusal = findPortRefusal(bare, 'A', observedTaskDefinition({ networkMode: 'bridge' }));
    assert.equal(refusal?.reason, 'UnsupportedRecordType');
    assert.match(refusal?.remedy ?? '', /type: SRV/);
  });

  it('refuses network mode none', () =>
    assert.equal(reason(withPort, 'SRV', 'none'), 'UnsupportedNetworkMode'));

  it('names the containers when the document names another', () => {
    const refusal = findPortRefusal({ ...withPort, containerName: 'web' }, 'SRV', observedTaskDefinition());
    assert.equal(refusal?.reason, 'ContainerNotFound');
    assert.match(refusal?.remedy ?? '', /: app\.$/);
  });

  it('names the mapped ports when the document names another', () => {
    const refusal = findPortRefusal({ ...withPort, containerPort: 80 }, 'SRV', observedTaskDefinition());
    assert.equal(refusal?.reason, 'ContainerPortNotFound');
    assert.match(refusal?.remedy ?? '', /mapped: 3000/);
  });

  it('leaves ports of a container that maps a range to AWS', () => {
    const range = portMapping({ containerPort: undefined, containerPortRange: '8000-8100' });
    const taskDefinition = observedTaskDefinition({ containers: [{ name: 'app', portMappings: [range] }] });
    assert.equal(findPortRefusal({ ...withPort, containerPort: 8050 }, 'SRV', taskDefinition), undefined);
  });
});

describe('preflight: the service', () => {
  const table = [
    ['Express-managed', { resourceManagementType: 'ECS' }, 'ExpressManaged'],
    ['under CodeDeploy', { deploymentController: 'CODE_DEPLOY' }, 'UnsupportedDeploymentController'],
    ['under an external controller', { deploymentController: 'EXTERNAL' }, 'UnsupportedDeploymentController'],
    ['deployed blue/green', { deploymentStrategy: 'BLUE_GREEN' }, 'UnsupportedDeploymentStrategy'],
    ['deployed linearly', { deploymentStrategy: 'LINEAR' }, 'UnsupportedDeploymentStrategy'],
    ['deployed as canary', { deploymentStrategy: 'CANARY' }, 'UnsupportedDeploymentStrategy'],
    ['on external instances', { launchType: 'EXTERNAL' }, 'UnsupportedLaunchType'],
    ['behind a Classic Load Balancer', { classicLoadBalancer: true }, 'ClassicLoadBalancer'],
    ['of more tasks than a registry holds during a rollout', { desiredCount: 501 }, 'TooManyInstances'],
  ] as const;
  for (const [what, overrides, reason] of table) {
    it(`is refused when ${what}`, () => {
      const refusal = findServiceRefusal(observedService(overrides));
      assert.equal(refusal?.reason, reason);
      assert.match(refusal?.message ?? '', /^It/);
      assert.match(refusal?.remedy ?? '', /\.$/);
    });
  }

  it('is accepted with 500 tasks, with capacity providers and when managed by its user', () => {
    for (const overrides of [
      { desiredCount: 500 },
      { launchType: undefined },
      { resourceManagementType: 'CUSTOMER' },
    ]) {
      assert.equal(findServiceRefusal(observedService(overrides)), undefined);
    }
  });
});
