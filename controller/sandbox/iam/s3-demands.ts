import { addressOf } from '../s3/route.ts';
import type { SandboxRequest } from '../service.ts';
import { actionOf } from './actions.ts';
import type { RequestContext } from './conditions.ts';
import type { Demand } from './policy.ts';

export type ObjectExists = (bucket: string, key: string) => boolean;

const NO_CONTEXT: RequestContext = new Map();

const bucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`;

const on = (action: string, resource: string, context = NO_CONTEXT): Demand => ({
  action,
  resource,
  context,
});

/** S3 compares the ETag of what is there for those only who may read it; that something is there, for all. */
const comparesETag = ({ headers }: SandboxRequest): boolean => (headers['if-match'] ?? '*').trim() !== '*';

function objectDemands(
  operation: string,
  request: SandboxRequest,
  { bucket, key }: ReturnType<typeof addressOf>,
  exists: ObjectExists,
): readonly Demand[] {
  const arn = `${bucketArn(bucket)}/${key}`;
  const own = on(actionOf('s3', operation), arn);
  const reads = operation === 'GetObject' || operation === 'HeadObject';
  if (!reads) return comparesETag(request) ? [own, on('s3:GetObject', arn)] : [own];
  // That an object is missing is told to those only who may list the bucket, whatever prefix they may list.
  return exists(bucket, key) ? [own] : [own, on('s3:ListBucket', bucketArn(bucket))];
}

const LIST_KEYS = ['prefix', 'delimiter', 'max-keys'];

function listContext({ query }: SandboxRequest): RequestContext {
  return new Map(
    LIST_KEYS.flatMap((name) => {
      const value = query.get(name);
      return value === null ? [] : [[`s3:${name}`, [value]] as const];
    }),
  );
}

/** Everything that S3 wants to be allowed for one request. */
export function s3Demands(
  operation: string,
  request: SandboxRequest,
  exists: ObjectExists,
): readonly Demand[] {
  const address = addressOf(request);
  if (address.key !== '') return objectDemands(operation, request, address, exists);
  const action = actionOf('s3', operation);
  if (address.bucket === '') return [on(action, '*')];
  // Which keys are to be deleted is in the body; the sandbox asks for all of them.
  if (operation === 'DeleteObjects') return [on(action, `${bucketArn(address.bucket)}/*`)];
  return [on(action, bucketArn(address.bucket), listContext(request))];
}
