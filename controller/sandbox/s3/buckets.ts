import { AwsFault, type SandboxResponse } from '../service.ts';
import { bucketOf, type Bucket, type Call, type Store, type Versioning } from './store.ts';
import { xmlResponse, type XmlElement } from './xml.ts';

const isValidName = (name: string): boolean =>
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
  !name.includes('..') &&
  !/^\d+\.\d+\.\d+\.\d+$/.test(name);

export function makeBucket(store: Store, name: string, versioning: Versioning = 'Off'): Bucket {
  if (!isValidName(name))
    throw new AwsFault('InvalidBucketName', 'The specified bucket is not valid.', {
      fields: { BucketName: name },
    });
  const bucket = { name, createdAt: store.context.clock.now(), versioning, keys: new Map() };
  store.buckets.set(name, bucket);
  return bucket;
}

/** Only us-east-1 lets an owner create a bucket twice. */
export function createBucket({ store, bucket }: Call): SandboxResponse {
  if (!store.buckets.has(bucket)) makeBucket(store, bucket);
  else if (store.context.region !== 'us-east-1')
    throw new AwsFault(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      { status: 409, fields: { BucketName: bucket } },
    );
  return { status: 200, headers: { location: `/${bucket}` }, body: '' };
}

export function headBucket(call: Call): SandboxResponse {
  bucketOf(call);
  return {
    status: 200,
    headers: { 'content-type': 'application/xml', 'x-amz-bucket-region': call.store.context.region },
    body: '',
  };
}

export function deleteBucket(call: Call): SandboxResponse {
  const bucket = bucketOf(call);
  if (bucket.keys.size > 0)
    throw new AwsFault('BucketNotEmpty', 'The bucket you tried to delete is not empty', {
      status: 409,
      fields: { BucketName: bucket.name },
    });
  call.store.buckets.delete(bucket.name);
  return { status: 204, headers: {}, body: '' };
}

export function listBuckets({ store }: Call): SandboxResponse {
  const buckets = [...store.buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const { account } = store.context;
  return xmlResponse('ListAllMyBucketsResult', [
    ['Owner', [['ID', account]]],
    [
      'Buckets',
      buckets.map((bucket): XmlElement => [
        'Bucket',
        [
          ['Name', bucket.name],
          ['CreationDate', new Date(bucket.createdAt).toISOString()],
        ],
      ]),
    ],
  ]);
}

export function getBucketLocation(call: Call): SandboxResponse {
  bucketOf(call);
  const { region } = call.store.context;
  return xmlResponse('LocationConstraint', region === 'us-east-1' ? '' : region);
}

export function getBucketVersioning(call: Call): SandboxResponse {
  const { versioning } = bucketOf(call);
  return xmlResponse('VersioningConfiguration', [['Status', versioning === 'Off' ? undefined : versioning]]);
}

export function putBucketVersioning(call: Call): SandboxResponse {
  const bucket = bucketOf(call);
  const status = /<Status>(Enabled|Suspended)<\/Status>/.exec(call.request.body.toString())?.[1];
  if (status !== 'Enabled' && status !== 'Suspended')
    throw new AwsFault('IllegalVersioningConfigurationException', 'The Versioning element must be specified');
  bucket.versioning = status;
  return { status: 200, headers: {}, body: '' };
}
