/** S3 operations whose permission has another name. */
const S3_ACTIONS: Readonly<Record<string, string>> = {
  ListObjects: 'ListBucket',
  ListObjectsV2: 'ListBucket',
  HeadObject: 'GetObject',
  HeadBucket: 'ListBucket',
  DeleteObjects: 'DeleteObject',
  ListBuckets: 'ListAllMyBuckets',
};

/** What IAM calls an operation. */
export const actionOf = (service: string, operation: string): string =>
  `${service}:${(service === 's3' ? S3_ACTIONS[operation] : undefined) ?? operation}`;
