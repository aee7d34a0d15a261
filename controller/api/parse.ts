import { findConflicts } from './conflicts.ts';
import { parseDocument, unreadable, type DocumentContext, type ParsedDocument } from './document.ts';
import { DEFAULT_FILE_ACCESS_DIRECTORY, LIMITS } from './limits.ts';
import { regexChecker } from './regex.ts';
import { positionsOf, splitDocuments } from './split.ts';
import type { DocumentFile, FieldError, ParseResult, SkippedDocument } from './types.ts';

export interface ParseOptions {
  /**
   * Directory under which documents may name files; an empty text allows none.
   * Default: {@link DEFAULT_FILE_ACCESS_DIRECTORY}.
   */
  readonly fileAccessDirectory?: string;
}

interface ParsedFile {
  readonly documents: readonly ParsedDocument[];
  readonly skipped: readonly SkippedDocument[];
}

/**
 * Reads ScrapeTargets out of files. Never throws, and takes time in proportion to the text.
 * The order of the files decides who comes first where two documents claim the same thing.
 */
export function parseDocuments(files: readonly DocumentFile[], options: ParseOptions = {}): ParseResult {
  const directory = options.fileAccessDirectory ?? DEFAULT_FILE_ACCESS_DIRECTORY;
  const parsed = parseFiles(files, directory);
  const documents = parsed.flatMap((file) => file.documents);
  const conflicts = findConflicts(documents);
  const errorsOf = (document: ParsedDocument): readonly FieldError[] => [
    ...document.errors,
    ...(conflicts.get(document) ?? []),
  ];
  return {
    targets: documents.flatMap((document) =>
      errorsOf(document).length === 0 ? (document.target ?? []) : [],
    ),
    errors: documents.flatMap(errorsOf),
    skipped: parsed.flatMap((file) => file.skipped),
  };
}

function parseFiles(files: readonly DocumentFile[], directory: string): ParsedFile[] {
  let left: number = LIMITS.documents;
  return files.map((file) => {
    const parsed = parseOnce(file, directory, Math.min(LIMITS.documentsPerFile, left));
    left -= parsed.documents.length;
    return parsed;
  });
}

interface Remembered {
  readonly directory: string;
  readonly most: number;
  readonly parsed: ParsedFile;
}

/** What the files still in use say: a controller passes the same files again and again. */
const PARSED = new WeakMap<DocumentFile, Remembered>();

function parseOnce(file: DocumentFile, directory: string, most: number): ParsedFile {
  const known = PARSED.get(file);
  if (known !== undefined && known.directory === directory && known.most === most) return known.parsed;
  const parsed = parseFile(file, directory, most);
  PARSED.set(file, { directory, most, parsed });
  return parsed;
}

function parseFile(file: DocumentFile, directory: string, most: number): ParsedFile {
  const text = file.text.startsWith('\uFEFF') ? file.text.slice(1) : file.text;
  const refused = fileFault(file, text);
  if (refused !== undefined) return { documents: [refused], skipped: [] };
  const all = splitDocuments(text);
  const context = { file, positions: positionsOf(text), checkRegex: regexChecker(), directory };
  const outcomes = all.slice(0, most).map((part, index) => parseDocument(part, { ...context, index }));
  const rest = all[most];
  return {
    documents: [
      ...outcomes.flatMap((outcome) => (outcome.kind === 'parsed' ? outcome.document : [])),
      ...(rest === undefined ? [] : [tooMany({ ...context, index: most }, rest.offset)]),
    ],
    skipped: outcomes.flatMap((outcome) => (outcome.kind === 'skipped' ? outcome.skipped : [])),
  };
}

function tooMany(context: DocumentContext, offset: number): ParsedDocument {
  const message =
    context.index < LIMITS.documentsPerFile
      ? `More than ${LIMITS.documents} documents in all. From here on nothing was read.`
      : `More than ${LIMITS.documentsPerFile} documents in one file. From here on nothing was read: split the file.`;
  return unreadable(context, offset, 'LimitExceeded', message);
}

/** A fault of the file as a whole, before anything is parsed. */
function fileFault(file: DocumentFile, text: string): ParsedDocument | undefined {
  if (text.length > LIMITS.fileCharacters) {
    const message = `The file has more than ${LIMITS.fileCharacters} characters and was not read. Split it, or move it out of the source.`;
    return unreadable(bareContext(file, ''), 0, 'LimitExceeded', message);
  }
  const broken = text.indexOf('\uFFFD');
  if (broken < 0) return undefined;
  return unreadable(
    bareContext(file, text),
    broken,
    'InvalidYAML',
    'The file is not UTF-8 text. Save it as UTF-8.',
  );
}

function bareContext(file: DocumentFile, text: string): DocumentContext {
  return { file, index: 0, positions: positionsOf(text), checkRegex: regexChecker(), directory: '' };
}
