import type { SandboxRequest } from '../service.ts';

interface Address {
  /** Empty for the service itself. */
  readonly bucket: string;
  /** Empty for the bucket itself. */
  readonly key: string;
}

/** `bucket.localhost`, `bucket.s3.localhost` and `bucket.s3.eu-central-1.amazonaws.com` name their bucket. */
function hostBucket(host: string): string {
  const name = host.replace(/:\d+$/, '');
  const s3 = /^(?:(.+?)\.)?s3(?:[.-][a-z0-9-]+)?\.(?:localhost|amazonaws\.com)$/.exec(name);
  if (s3 !== null) return s3[1] ?? '';
  return /^(.+)\.localhost$/.exec(name)?.[1] ?? '';
}

/** Which bucket and key a request is about, in virtual-host style or path style. */
export function addressOf(request: SandboxRequest): Address {
  const path = request.path.slice(1);
  const bucket = hostBucket(request.headers['host'] ?? '');
  if (bucket !== '') return { bucket, key: path };
  const slash = path.indexOf('/');
  return slash < 0 ? { bucket: path, key: '' } : { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

/** A signature names the service it is for; requests without one are S3's when no other protocol claims them. */
function isForS3({ headers, method, path }: SandboxRequest): boolean {
  const scope = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers['authorization'] ?? '')?.[1];
  if (scope !== undefined) return scope === 's3';
  return headers['x-amz-target'] === undefined && !(method === 'POST' && path === '/');
}

const BUCKET_OPERATIONS: Readonly<Record<string, string>> = {
  GET: 'ListObjects',
  HEAD: 'HeadBucket',
  PUT: 'CreateBucket',
  DELETE: 'DeleteBucket',
};

const SUBRESOURCE_OPERATIONS: Readonly<Record<string, string>> = {
  'GET list-type': 'ListObjectsV2',
  'GET versioning': 'GetBucketVersioning',
  'PUT versioning': 'PutBucketVersioning',
  'GET location': 'GetBucketLocation',
  'POST delete': 'DeleteObjects',
};

const OBJECT_OPERATIONS: Readonly<Record<string, string>> = {
  GET: 'GetObject',
  HEAD: 'HeadObject',
  PUT: 'PutObject',
  DELETE: 'DeleteObject',
};

/** Query parameters that make a request mean something else: uploads, access control, tags and so on. */
const FOREIGN_SUBRESOURCES = [
  'acl',
  'attributes',
  'cors',
  'encryption',
  'legal-hold',
  'lifecycle',
  'logging',
  'notification',
  'object-lock',
  'partNumber',
  'policy',
  'publicAccessBlock',
  'replication',
  'restore',
  'retention',
  'select',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versions',
  'website',
];

export const UNSUPPORTED = 'Unsupported';

function bucketOperation({ method, query }: SandboxRequest): string {
  const named = Object.entries(SUBRESOURCE_OPERATIONS).find(([route]) => {
    const [verb, parameter = ''] = route.split(' ');
    return verb === method && query.has(parameter);
  });
  return named?.[1] ?? BUCKET_OPERATIONS[method] ?? UNSUPPORTED;
}

function objectOperation({ method, headers }: SandboxRequest): string {
  if (headers['x-amz-copy-source'] !== undefined) return UNSUPPORTED;
  return OBJECT_OPERATIONS[method] ?? UNSUPPORTED;
}

/** The operation a request asks for; undefined when it is not for S3. */
export function operationOf(request: SandboxRequest): string | undefined {
  if (!isForS3(request)) return undefined;
  if (FOREIGN_SUBRESOURCES.some((name) => request.query.has(name))) return UNSUPPORTED;
  const { bucket, key } = addressOf(request);
  if (bucket === '') return request.method === 'GET' ? 'ListBuckets' : UNSUPPORTED;
  return key === '' ? bucketOperation(request) : objectOperation(request);
}
