import assert from 'node:assert/strict';
import { rolloutState } from '../../controller/reconcile/rollout.ts';
import { boundService, deployment, REGISTRY_ARN } from '../support/plans.ts';

const kindOf = (overrides: Parameters<typeof boundService>[1]): string =>
  rolloutState(boundService('web', overrides), { registryArn: REGISTRY_ARN, named: true }).kind;

describe('the state of a rollout', () => {
  it('is done when ECS says completed and all desired tasks run', () => {
    assert.equal(kindOf({}), 'done');
  });

  it('is in progress while a former deployment still drains', () => {
    assert.equal(
      kindOf({ deployments: [deployment(), deployment({ id: 'ecs-svc/0', status: 'ACTIVE' })] }),
      'inProgress',
    );
  });

  it('is in progress while tasks are missing', () => {
    assert.equal(kindOf({ runningCount: 1 }), 'inProgress');
  });

  it('is judged by counts where ECS reports no rollout state or no deployments', () => {
    assert.equal(kindOf({ deployments: [deployment({ rolloutState: undefined })] }), 'done');
    assert.equal(kindOf({ deployments: [] }), 'done');
  });

  it('is failed when ECS says so, or when the binding has gone', () => {
    assert.equal(kindOf({ deployments: [deployment({ rolloutState: 'FAILED' })] }), 'failed');
    assert.equal(kindOf({ serviceRegistries: [] }), 'failed');
  });
});
