import { randomName } from '../identifiers.ts';
import { AwsFault, type SandboxContext, type SandboxRequest } from '../service.ts';

export interface ObjectVersion {
  readonly kind: 'object';
  readonly key: string;
  /** `null` while versioning is off or suspended, as S3 calls it. */
  readonly versionId: string;
  readonly modifiedAt: number;
  readonly body: Buffer;
  /** Quoted MD5 of the body. */
  readonly etag: string;
  /** Headers that come back with the object: content type, user metadata, checksums. */
  readonly headers: Readonly<Record<string, string>>;
  readonly checksums: Readonly<Record<string, string>>;
}

export interface DeleteMarker {
  readonly kind: 'marker';
  readonly key: string;
  readonly versionId: string;
  readonly modifiedAt: number;
}

export type Version = ObjectVersion | DeleteMarker;

export type Versioning = 'Off' | 'Enabled' | 'Suspended';

export interface Bucket {
  readonly name: string;
  readonly createdAt: number;
  versioning: Versioning;
  /** Oldest first; a key without versions is not in the map. */
  readonly keys: Map<string, readonly Version[]>;
}

export interface Store {
  readonly context: SandboxContext;
  readonly buckets: Map<string, Bucket>;
  /** Writes with a precondition that still have to lose a race. */
  races: number;
}

export const createStore = (context: SandboxContext): Store => ({ context, buckets: new Map(), races: 0 });

/** One request, after it is known which bucket and key it is about. */
export interface Call {
  readonly store: Store;
  readonly request: SandboxRequest;
  readonly bucket: string;
  readonly key: string;
}

export function bucketNamed(store: Store, name: string): Bucket {
  const found = store.buckets.get(name);
  if (found === undefined)
    throw new AwsFault('NoSuchBucket', 'The specified bucket does not exist', {
      status: 404,
      fields: { BucketName: name },
    });
  return found;
}

export const bucketOf = ({ store, bucket }: Call): Bucket => bucketNamed(store, bucket);

export const currentVersion = (bucket: Bucket, key: string): Version | undefined =>
  bucket.keys.get(key)?.at(-1);

export function currentObject(bucket: Bucket, key: string): ObjectVersion | undefined {
  const version = currentVersion(bucket, key);
  return version?.kind === 'object' ? version : undefined;
}

export const noSuchKey = (key: string): AwsFault =>
  new AwsFault('NoSuchKey', 'The specified key does not exist.', { status: 404, fields: { Key: key } });

const setVersions = (bucket: Bucket, key: string, versions: readonly Version[]): void => {
  if (versions.length === 0) bucket.keys.delete(key);
  else bucket.keys.set(key, versions);
};

/** Puts a version on top; without versioning it takes the place of the one called `null`. */
export function addVersion(bucket: Bucket, version: Version): void {
  const versions = bucket.keys.get(version.key) ?? [];
  const kept = versions.filter(({ versionId }) => versionId !== version.versionId);
  setVersions(bucket, version.key, [...kept, version]);
}

export function removeVersion(bucket: Bucket, key: string, versionId: string): Version | undefined {
  const versions = bucket.keys.get(key) ?? [];
  setVersions(
    bucket,
    key,
    versions.filter((version) => version.versionId !== versionId),
  );
  return versions.find((version) => version.versionId === versionId);
}

export const newVersionId = (store: Store, bucket: Bucket): string =>
  bucket.versioning === 'Enabled' ? randomName(store.context, 32) : 'null';

/** Buckets without versioning do not speak of versions. */
export const versionHeaders = (bucket: Bucket, versionId: string): Record<string, string> =>
  bucket.versioning === 'Off' ? {} : { 'x-amz-version-id': versionId };
