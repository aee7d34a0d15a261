import type { FieldError } from '../../api/types.ts';
import { formatError } from '../../errors.ts';
import type { Documents } from '../../reconcile/read-documents.ts';
import type { Io } from '../io.ts';
import type { OptionName } from '../options.ts';

/** Options of every verb that looks at AWS. */
export const LOOK_OPTIONS = [
  'source',
  'owner',
  'config-dir',
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

export const LOG_OPTIONS = ['log-level', 'log-format'] as const satisfies readonly OptionName[];

/** `file:line:column: path: message`, the form that editors and CI annotate. */
export function formatFieldError(error: FieldError): string {
  const position = [error.file, error.line, error.column].filter((part) => part !== undefined).join(':');
  const name = error.name === undefined ? '' : ` ScrapeTarget ${error.name}:`;
  const path = error.path === '' ? '' : ` ${error.path}:`;
  return `error  ${position}:${name}${path} ${error.message}`;
}

/** Tells what is wrong with the documents; true when everything was read and valid. */
export function reportDocuments(documents: Documents, io: Io): boolean {
  for (const error of documents.errors) io.stderr.write(`${formatFieldError(error)}\n`);
  for (const { error } of documents.incomplete) io.stderr.write(`error  ${formatError(error)}\n`);
  return documents.errors.length === 0 && documents.incomplete.length === 0;
}
