const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * Whether every supported Prometheus takes the name. Prometheus 3 also takes other UTF-8 names, but
 * one configuration must do for both.
 */
export const isLabelName = (name: string): boolean => LABEL_NAME.test(name);

/** Labels that the operator sets on every target; `instance` is set by Prometheus. */
export const OPERATOR_LABELS: readonly string[] = [
  'cluster',
  'service',
  'taskdefinition',
  'taskid',
  'namespace',
  'job',
  'instance',
  'endpoint',
];

/** The target label of a tag: what a label name cannot hold becomes `_`, as in Prometheus's own discoveries. */
export const labelOfTag = (key: string): string => key.replace(/[^a-zA-Z0-9_]/gu, '_');
