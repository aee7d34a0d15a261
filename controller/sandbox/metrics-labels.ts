/** Docker labels by which a container definition says what it serves when the sandbox's tasks listen. */
export const METRICS_LABELS = {
  profile: 'sandbox.metrics.profile',
  port: 'sandbox.metrics.port',
  path: 'sandbox.metrics.path',
} as const;
