import type { Sandbox } from '../../controller/sandbox/server.ts';

/** Where texts are kept by their path. */
export interface Shelf {
  /** With the slash at its end; undefined where no URI leads there. */
  readonly uri: string | undefined;
  readonly service: 's3' | 'ssm' | undefined;
  put(path: string, text: string): void;
  remove(path: string): void;
}

/** In nobody's hands: a reader is told what the simulation knows. */
const NOWHERE: Shelf = {
  uri: undefined,
  service: undefined,
  put: () => undefined,
  remove: () => undefined,
};

const BUCKET = 'documents';
const PATH = '/documents/';

function inS3({ s3 }: Sandbox): Shelf {
  s3.createBucket(BUCKET);
  const request = (
    method: string,
    path: string,
    text: string,
    headers: Readonly<Record<string, string>>,
  ) => ({
    method,
    path: `/${BUCKET}/${path}`,
    query: new URLSearchParams(),
    headers,
    body: Buffer.from(text),
  });
  return {
    uri: `s3://${BUCKET}/`,
    service: 's3',
    // With a checksum, as the SDK and the AWS CLI send it: readers notice what is cut short.
    put: (path, text) =>
      void s3.service.handle(
        request('PUT', path, text, { 'x-amz-sdk-checksum-algorithm': 'CRC32' }),
        'PutObject',
      ),
    remove: (path) => void s3.service.handle(request('DELETE', path, '', {}), 'DeleteObject'),
  };
}

const inParameterStore = ({ ssm }: Sandbox): Shelf => ({
  uri: `ssm://${PATH}`,
  service: 'ssm',
  put: (path, value) => void ssm.putParameter({ name: PATH + path, value }),
  remove: (path) => void ssm.service.operations['DeleteParameter']?.({ Name: PATH + path }),
});

export type ShelfKind = 'nowhere' | 's3' | 'ssm';

export function createShelf(kind: ShelfKind, sandbox: Sandbox): Shelf {
  if (kind === 'nowhere') return NOWHERE;
  return kind === 's3' ? inS3(sandbox) : inParameterStore(sandbox);
}
