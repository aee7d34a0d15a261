const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * Whether every supported Prometheus takes the name. Prometheus 3 also takes other UTF-8 names, but
 * one configuration must do for both.
 */
export const isLabelName = (name: string): boolean => LABEL_NAME.test(name);

/** Where Prometheus connects to. */
export const ADDRESS_LABEL = '__address__';

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
export function labelOfTag(key: string): string {
  const name = key.replace(/[^a-zA-Z0-9_]/gu, '_');
  return /^[0-9]/.test(name) ? `_${name}` : name;
}

const DNS_LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/** Names of ScrapeTargets and endpoints: 1 to 63 lower-case letters, digits and hyphens. */
export const isDnsLabel = (name: string): boolean => DNS_LABEL.test(name);
