import assert from 'node:assert/strict';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { useEmptySandbox } from '../support/empty-sandbox.ts';

describe('STS', () => {
  const aws = useEmptySandbox();

  it('tells the caller its account, ARN and user id', async () => {
    const { Account, Arn, UserId } = await aws.sts.send(new GetCallerIdentityCommand({}));
    const { account } = aws.sandbox;
    assert.deepEqual([Account, Arn, UserId], [account, `arn:aws:iam::${account}:root`, account]);
  });

  it('answers operations that it does not have with InvalidAction', () =>
    assert.rejects(
      aws.sts.send(new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::1:role/x', RoleSessionName: 's' })),
      { name: 'InvalidAction' },
    ));

  it('spells an injected error in the XML of the query protocol', async () => {
    aws.sandbox.faults.add({ service: 'sts', effect: { kind: 'error', code: 'ExpiredToken', status: 403 } });
    await assert.rejects(aws.sts.send(new GetCallerIdentityCommand({})), { name: /^ExpiredToken/ });
  });
});
