import assert from 'node:assert/strict';
import { terminal, transient } from '../../controller/errors.ts';
import {
  describeDeployment,
  findRolledBack,
  isDeploymentInProgress,
} from '../../controller/plan/deployments.ts';
import { deployment } from '../support/plans.ts';
import { planFor } from '../support/planning.ts';
import { observedService, observedState, scrapeTarget } from '../support/worlds.ts';

const serviceWith = (...deployments: readonly Parameters<typeof deployment>[0][]) =>
  observedService({ deployments: deployments.map(deployment) });

const COMPLETED = { id: 'new', status: 'PRIMARY', rolloutState: 'COMPLETED' };
const FAILED = { id: 'old', status: 'ACTIVE', rolloutState: 'FAILED' };
const DRAINING = { id: 'old', status: 'ACTIVE', rolloutState: 'COMPLETED' };

describe('plan: deployments of a service', () => {
  it('run while one says so, or while two stand side by side and none has failed', () => {
    assert.equal(isDeploymentInProgress(serviceWith(COMPLETED)), false);
    assert.equal(isDeploymentInProgress(serviceWith({ ...COMPLETED, rolloutState: 'IN_PROGRESS' })), true);
    assert.equal(isDeploymentInProgress(serviceWith(COMPLETED, DRAINING)), true);
    assert.equal(
      isDeploymentInProgress(serviceWith({ ...COMPLETED, rolloutState: undefined }, DRAINING)),
      true,
    );
  });

  it('do not run when one has failed and stays beside its predecessor, or is INACTIVE', () => {
    assert.equal(isDeploymentInProgress(serviceWith(COMPLETED, FAILED)), false);
    assert.equal(isDeploymentInProgress(serviceWith(COMPLETED, { ...DRAINING, status: 'INACTIVE' })), false);
    const ended = { ...DRAINING, status: 'INACTIVE', rolloutState: 'IN_PROGRESS' };
    assert.equal(isDeploymentInProgress(serviceWith(COMPLETED, ended)), false);
  });

  it('were rolled back when one failed, or when the primary one says that it restores another', () => {
    assert.equal(findRolledBack(serviceWith(COMPLETED, FAILED))?.id, 'old');
    const restoring = {
      ...COMPLETED,
      rolloutState: 'IN_PROGRESS',
      rolloutStateReason: 'ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/0.',
    };
    assert.equal(findRolledBack(serviceWith(restoring, FAILED))?.id, 'new');
    assert.equal(findRolledBack(serviceWith(COMPLETED)), undefined);
  });

  it('are not judged by an older failure while a fresh one runs', () => {
    assert.equal(
      findRolledBack(serviceWith({ ...COMPLETED, rolloutState: 'IN_PROGRESS' }, FAILED)),
      undefined,
    );
  });

  it('are described by the words of ECS, or by their state where it says none', () => {
    const words = { id: 'a', rolloutStateReason: 'Tasks failed 3.5 times.' };
    assert.equal(describeDeployment(deployment(words)), 'deployment a: Tasks failed 3.5 times');
    for (const rolloutStateReason of [undefined, ''])
      assert.equal(
        describeDeployment(deployment({ id: 'a', rolloutState: 'FAILED', rolloutStateReason })),
        'deployment a is FAILED',
      );
    assert.equal(
      describeDeployment(deployment({ id: 'a', status: 'ACTIVE', rolloutState: undefined })),
      'deployment a is ACTIVE',
    );
  });
});

describe('plan: what could not be read', () => {
  const NAMESPACE = 'namespace ecs-services';
  const told = (error: ReturnType<typeof transient>) => {
    const plan = planFor(scrapeTarget(), observedState({ namespace: { kind: 'failed', error } }));
    const blocked = plan.blocked.find(({ subject }) => subject === NAMESPACE);
    assert.ok(blocked);
    return blocked;
  };

  it('is told with its place, unless that is the subject already', () => {
    const error = { reason: 'Throttled', message: 'Slow down.' };
    assert.equal(told(transient(error)).message, 'Slow down.');
    assert.equal(told(transient({ ...error, where: NAMESPACE })).message, 'Slow down.');
    assert.equal(
      told(transient({ ...error, where: 'Cloud Map namespaces' })).message,
      'Cloud Map namespaces: Slow down.',
    );
  });

  it('is told with what to do, also where the error does not say it', () => {
    const error = { reason: 'AccessDenied', message: 'No.' };
    assert.equal(told(terminal({ ...error, remedy: 'Allow it.' })).remedy, 'Allow it.');
    assert.match(told(terminal(error)).remedy, /^Correct the cause; nothing is written/);
    assert.match(told(transient(error)).remedy, /^Nothing to do: it is read again in the next pass/);
  });
});
