import type { FieldError } from '../../api/types.ts';
import type { OptionName } from '../option-table.ts';

/** Options of every verb that looks at AWS. */
export const LOOK_OPTIONS = [
  'source',
  'discover-namespaces',
  'discover-namespaces-parameter',
  'sample-labels-only',
  'owner',
  'config-dir',
  'config-file',
  'base-config',
  'base-config-env',
  'prometheus-url',
  'prometheus-version',
  'file-access-dir',
  'max-target-loss',
  'promtool',
  'region',
  'endpoint-url',
] as const satisfies readonly OptionName[];

/** What restricts a plan, and where stands what may be deleted. */
export const RESTRICTION_OPTIONS = [
  'policy',
  'only',
  'no-disruption',
  'max-prune',
  'allow-empty',
  'state',
] as const satisfies readonly OptionName[];

export const EVENT_LOG_OPTIONS = [
  'event-log-group',
  'event-log-retention',
] as const satisfies readonly OptionName[];

/** What `-o` may be of verbs that have nothing to show on a pull request. */
export const PLAIN_OUTPUTS = ['text', 'json', 'yaml'] as const;

export const LOG_OPTIONS = ['log-level', 'log-format'] as const satisfies readonly OptionName[];

/** `file:line:column: path: message`, the form that editors and CI annotate. */
export function formatFieldError(error: FieldError): string {
  const position = [error.file, error.line, error.column].filter((part) => part !== undefined).join(':');
  const name = error.name === undefined ? '' : ` ScrapeTarget ${error.name}:`;
  const path = error.path === '' ? '' : ` ${error.path}:`;
  return `error  ${position}:${name}${path} ${error.message}`;
}
