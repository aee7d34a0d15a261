import { AwsFault, type HttpService, type SandboxContext, type SandboxResponse } from '../service.ts';
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
  makeBucket,
  putBucketVersioning,
} from './buckets.ts';
import { deleteObjects } from './delete-objects.ts';
import { listObjectsV2 } from './list.ts';
import { deleteObject, putObject, readObject, storeObject } from './objects.ts';
import { addressOf, operationOf } from './route.ts';
import { bucketNamed, createStore, currentObject, type Call, type Store } from './store.ts';
import { errorResponse } from './xml.ts';

export interface S3 {
  readonly service: HttpService;
  createBucket(name: string, options?: { readonly versioned?: boolean }): void;
  /** Returns the quoted ETag. */
  putObject(bucket: string, key: string, body: string | Buffer): string;
  /** The current content of a key; undefined when there is none. */
  readObject(bucket: string, key: string): Buffer | undefined;
  /** False also where there is no such bucket. */
  hasObject(bucket: string, key: string): boolean;
  /** The next writes with a precondition lose a race against another writer: 409. */
  loseRaces(count: number): void;
}

const HANDLERS: Readonly<Record<string, (call: Call) => SandboxResponse>> = {
  ListBuckets: listBuckets,
  CreateBucket: createBucket,
  HeadBucket: headBucket,
  DeleteBucket: deleteBucket,
  GetBucketLocation: getBucketLocation,
  GetBucketVersioning: getBucketVersioning,
  PutBucketVersioning: putBucketVersioning,
  ListObjectsV2: listObjectsV2,
  GetObject: readObject,
  HeadObject: readObject,
  PutObject: putObject,
  DeleteObject: deleteObject,
  DeleteObjects: deleteObjects,
};

const notImplemented = (): AwsFault =>
  new AwsFault('NotImplemented', 'A header you provided implies functionality that is not implemented', {
    status: 501,
  });

function s3Service(store: Store): HttpService {
  return {
    protocol: 'http',
    name: 's3',
    operationNames: Object.keys(HANDLERS),
    operation: operationOf,
    handle(request, operation) {
      const handler = HANDLERS[operation];
      if (handler === undefined) throw notImplemented();
      return handler({ store, request, ...addressOf(request) });
    },
    fault: (fault, request) => errorResponse(fault, request),
  };
}

export function createS3(context: SandboxContext): S3 {
  const store = createStore(context);
  return {
    service: s3Service(store),
    createBucket(name, { versioned = false } = {}) {
      makeBucket(store, name, versioned ? 'Enabled' : 'Off');
    },
    putObject(bucket, key, body) {
      const headers = { 'content-type': 'binary/octet-stream' };
      const object = { key, body: Buffer.from(body), headers, checksums: {} };
      return storeObject(store, bucketNamed(store, bucket), object).etag;
    },
    readObject: (bucket, key) => currentObject(bucketNamed(store, bucket), key)?.body,
    hasObject(name, key) {
      const bucket = store.buckets.get(name);
      return bucket !== undefined && currentObject(bucket, key) !== undefined;
    },
    loseRaces(count) {
      store.races = count;
    },
  };
}
