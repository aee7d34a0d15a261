import assert from 'node:assert/strict';
import { classifyAwsError, isAmbiguous } from '../../controller/aws/errors.ts';
import { formatError, terminal } from '../../controller/errors.ts';
import type { ErrorFamily } from '../../controller/errors.ts';

const call = { api: 'ecs:DescribeServices', where: 'cluster prod' } as const;

const awsError = (name: string, status: number | undefined = 400, message = 'words of AWS') =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });

const socketError = (code: string, message = `connect ${code} 127.0.0.1:4566`) =>
  Object.assign(new Error(message), { code });

describe('AWS errors', () => {
  const table: [string, number, ErrorFamily, string][] = [
    ['ThrottlingException', 400, 'transient', 'Throttled'],
    ['RequestLimitExceeded', 429, 'transient', 'Throttled'],
    ['RequestThrottled', 403, 'transient', 'Throttled'],
    ['SlowDown', 503, 'transient', 'Throttled'],
    ['TooManyUpdates', 400, 'transient', 'Throttled'],
    ['SomethingNew', 429, 'transient', 'Throttled'],
    ['LimitExceededException', 400, 'terminal', 'LimitExceeded'],
    ['TooManyTagsException', 400, 'terminal', 'LimitExceeded'],
    ['AccessDeniedException', 400, 'terminal', 'AccessDenied'],
    ['ExpiredTokenException', 400, 'terminal', 'CredentialsExpired'],
    ['UnrecognizedClientException', 400, 'terminal', 'CredentialsInvalid'],
    ['ClusterNotFoundException', 400, 'terminal', 'NotFound'],
    ['ServiceNotFound', 404, 'terminal', 'NotFound'],
    ['ResourceInUse', 409, 'waiting', 'Busy'],
    ['InvalidParameterException', 400, 'terminal', 'InvalidRequest'],
    ['UnknownOperationException', 400, 'terminal', 'Unsupported'],
    ['ServerException', 500, 'transient', 'ServiceError'],
    ['ServiceUnavailable', 503, 'transient', 'ServiceError'],
  ];
  for (const [name, status, family, reason] of table)
    it(`takes ${name} (${status}) for ${family}: ${reason}`, () => {
      const error = classifyAwsError(awsError(name, status), call);
      assert.deepEqual([error.family, error.reason, error.where], [family, reason, 'cluster prod']);
      assert.equal(error.message, `ECS DescribeServices failed: ${name}: words of AWS.`);
    });

  it('names the IAM action that a denied call needs, also where it is not called like the API', () => {
    const denied = awsError('AccessDenied', 403);
    assert.match(classifyAwsError(denied, call).remedy ?? '', /ecs:DescribeServices/);
    const list = classifyAwsError(denied, { api: 's3:ListObjectsV2', where: 's3://docs/' });
    assert.match(list.remedy ?? '', /s3:ListBucket/);
  });

  it('believes AWS which action is missing, and that a denial outranks every permission', () => {
    const refusal = (why: string) =>
      Object.assign(awsError('AccessDenied', 403), {
        message: `User: x is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::docs" ${why}`,
      });
    const read = { api: 's3:GetObject', where: 's3://docs/lease' } as const;
    const missing = classifyAwsError(refusal('because no identity-based policy allows it'), read);
    assert.match(missing.remedy ?? '', /^Allow the action s3:ListBucket .*: scrapectl iam prints/);
    const denied = classifyAwsError(refusal('with an explicit deny in an identity-based policy'), read);
    assert.match(denied.remedy ?? '', /^A policy denies it/);
  });

  it('says where to get credentials when there are none', () => {
    const missing = Object.assign(new Error('Could not load credentials from any providers'), {
      name: 'CredentialsProviderError',
    });
    const error = classifyAwsError(missing, call);
    assert.deepEqual([error.family, error.reason], ['terminal', 'CredentialsMissing']);
    assert.match(error.remedy ?? '', /AWS_ACCESS_KEY_ID/);
  });

  it('says what to set when no region is known', () => {
    const error = classifyAwsError(new Error('Region is missing'), call);
    assert.equal(error.reason, 'RegionMissing');
    assert.match(error.remedy ?? '', /AWS_REGION/);
  });

  it('names the endpoint that refuses connections', () => {
    const error = classifyAwsError(socketError('ECONNREFUSED'), {
      ...call,
      endpoint: 'http://127.0.0.1:4566',
    });
    assert.deepEqual([error.family, error.reason], ['transient', 'Unreachable']);
    assert.match(error.message, /http:\/\/127\.0\.0\.1:4566.*ECONNREFUSED/);
    assert.match(error.remedy ?? '', /http:\/\/127\.0\.0\.1:4566/);
  });

  it('reads the reason out of an AggregateError, whose own message is empty', () => {
    const both = new AggregateError([socketError('ECONNREFUSED'), socketError('ECONNREFUSED')], '');
    const error = classifyAwsError(Object.assign(both, { code: 'ECONNREFUSED' }), call);
    assert.match(error.message, /connect ECONNREFUSED 127\.0\.0\.1:4566/);
  });

  it('says in plain words how long nothing came, and what to look at', () => {
    const error = (message: string) => Object.assign(new Error(message), { name: 'TimeoutError' });
    const answer = error(
      '@smithy/node-http-handler - [ERROR] a request has exceeded the configured 15000 ms requestTimeout.',
    );
    const connection = error('Socket timed out without establishing a connection within 3000 ms');
    assert.match(
      formatError(classifyAwsError(answer, call)),
      /got no answer: none within 15 s\. Check the region and the network/,
    );
    assert.match(
      formatError(classifyAwsError(connection, { ...call, endpoint: 'http://10.0.0.1' })),
      /got no answer at http:\/\/10\.0\.0\.1: no connection within 3 s\. Check that http:\/\/10\.0\.0\.1 is the right endpoint/,
    );
  });

  it('leaves out the words that the SDK puts in where AWS said none', () => {
    const error = Object.assign(new Error('UnknownError'), { name: 'ParameterNotFound' });
    assert.match(classifyAwsError(error, call).message, /failed: ParameterNotFound\.$/);
  });

  it('tells a reset connection from a timeout, although the SDK calls both TimeoutError', () => {
    const reset = Object.assign(socketError('ECONNRESET', 'socket hang up'), { name: 'TimeoutError' });
    const slow = Object.assign(new Error('Request timed out'), { name: 'TimeoutError' });
    assert.equal(classifyAwsError(reset, call).reason, 'Unreachable');
    assert.equal(classifyAwsError(slow, call).reason, 'Timeout');
  });

  it('takes an answer that cannot be parsed for transient', () => {
    const error = classifyAwsError(new SyntaxError('Unexpected token <'), call);
    assert.deepEqual([error.family, error.reason], ['transient', 'UnreadableAnswer']);
  });

  it('passes our own errors on as they are', () => {
    const own = terminal({ reason: 'TextTooLarge', message: 'too large' });
    assert.equal(classifyAwsError(own, call), own);
  });

  it('makes an error of anything that is thrown', () => {
    assert.equal(classifyAwsError('just a string', call).family, 'transient');
    assert.equal(classifyAwsError(undefined, call).family, 'transient');
  });

  it('bounds what it quotes', () => {
    const error = classifyAwsError(awsError('ValidationException', 400, 'x'.repeat(100_000)), call);
    assert.ok(error.message.length < 1000);
  });

  it('knows after which errors a write may have had its effect', () => {
    const ambiguous = (thrown: Error) => isAmbiguous(classifyAwsError(thrown, call));
    assert.ok(ambiguous(socketError('ECONNRESET')));
    assert.ok(ambiguous(awsError('ServerException', 500)));
    assert.ok(!ambiguous(awsError('ThrottlingException')));
    assert.ok(!ambiguous(awsError('AccessDeniedException')));
  });
});
