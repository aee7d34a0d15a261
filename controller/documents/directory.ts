import type { DocumentFile } from '../api/types.ts';
import { OperatorError, isOperatorError, terminal } from '../errors.ts';
import type { DocumentSource, SourceSnapshot } from '../reconcile/ports.ts';
import { fileError, readDocumentText } from './read.ts';
import { aborted, findDocuments } from './walk.ts';
import { watchPath } from './watch.ts';

/** Characters of all documents together that are kept in memory. */
const MOST_CHARACTERS = 32 * 1024 * 1024;

/** ScrapeTarget documents (.yaml, .yml, .json) in a directory and the directories below it, or in one file. */
export function directorySource(path: string): DocumentSource {
  return {
    uri: path,
    read: (signal) => readSource(path, signal),
    watch: (onChange, signal) => watchPath(path, onChange, signal),
  };
}

async function readSource(path: string, signal: AbortSignal): Promise<SourceSnapshot> {
  const found = await findDocuments(path, signal);
  const files: DocumentFile[] = [];
  const errors = [...found.errors];
  let left = MOST_CHARACTERS;
  for (const file of found.files) {
    const read = signal.aborted ? aborted(file) : await readOne(file, left);
    if (read instanceof OperatorError) {
      errors.push(read);
    } else {
      files.push(read);
      left -= read.text.length;
    }
  }
  return snapshotOf(path, files, errors);
}

async function readOne(file: string, left: number): Promise<DocumentFile | OperatorError> {
  try {
    const text = await readDocumentText(file);
    return text.length > left ? tooLarge(file) : { file, text };
  } catch (thrown) {
    return isOperatorError(thrown) ? thrown : fileError(thrown, file);
  }
}

const tooLarge = (file: string): OperatorError =>
  terminal({
    reason: 'SourceTooLarge',
    message: `The source holds more than ${MOST_CHARACTERS} characters of documents; this file was left out.`,
    where: file,
    remedy: 'Name a directory that holds ScrapeTarget documents only.',
  });

function snapshotOf(
  uri: string,
  files: readonly DocumentFile[],
  errors: readonly OperatorError[],
): SourceSnapshot {
  const [first, ...others] = errors;
  if (first === undefined) return { kind: 'complete', uri, files };
  return { kind: 'incomplete', uri, files, error: others.length === 0 ? first : together(first, others) };
}

/** The first error speaks for all, and says how many there are. */
function together(first: OperatorError, others: readonly OperatorError[]): OperatorError {
  const more = others
    .map(({ where }) => where ?? '')
    .slice(0, 3)
    .join(', ');
  return new OperatorError(first.family, {
    reason: first.reason,
    message: `${first.message} ${others.length} more could not be read (${more}${others.length > 3 ? ', …' : ''}).`,
    ...(first.where === undefined ? {} : { where: first.where }),
    ...(first.remedy === undefined ? {} : { remedy: first.remedy }),
    cause: first,
  });
}
