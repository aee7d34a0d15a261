import assert from 'node:assert/strict';
import { parseSourceUri } from '../../controller/aws/source-uri.ts';

describe('The URI of an AWS source', () => {
  const good: [string, ReturnType<typeof parseSourceUri>][] = [
    ['s3://docs/targets/', { kind: 's3', bucket: 'docs', key: 'targets/' }],
    ['s3://docs', { kind: 's3', bucket: 'docs', key: '' }],
    ['s3://my.docs-1/a/b.yml', { kind: 's3', bucket: 'my.docs-1', key: 'a/b.yml' }],
    ['ssm:///prom/', { kind: 'ssm', name: '/prom/' }],
    ['ssm:///prom/prometheus.yml', { kind: 'ssm', name: '/prom/prometheus.yml' }],
  ];
  for (const [uri, parsed] of good)
    it(`reads ${uri}`, () => {
      assert.deepEqual(parseSourceUri(uri), parsed);
    });

  const bad: [string, RegExp][] = [
    ['s3://', /not the name of a bucket/],
    ['s3://Docs/', /"Docs" is not the name of a bucket/],
    ['ssm://prom/', /three slashes/],
    ['ssm:/prom', /three slashes/],
    ['ssm:///a b', /letters, digits/],
    ['gs://docs/', /neither s3:\/\/ nor ssm/],
  ];
  for (const [uri, message] of bad)
    it(`refuses ${uri} and says what to write`, () => {
      assert.throws(() => parseSourceUri(uri), {
        family: 'terminal',
        reason: 'InvalidSource',
        where: uri,
        message,
        remedy: /s3:\/\/bucket\/prefix\//,
      });
    });
});
