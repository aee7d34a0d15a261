import { acceptMetadata, acceptSpec } from './accept.ts';
import { checkDocument } from './checks/document.ts';
import { formatPath, type Fault } from './faults.ts';
import { hashOf } from './hash.ts';
import { kindOf } from './kind.ts';
import { isDnsLabel } from './names.ts';
import { LIMITS } from './limits.ts';
import { locate, textAt } from './locate.ts';
import type { RegexChecker } from './regex.ts';
import { checkSchema } from './schema.ts';
import type { ScrapeTargetDocument } from './scrapetarget.gen.ts';
import type { DocumentText, Position } from './split.ts';
import type { DocumentFile, FieldError, Origin, ScrapeTarget, SkippedDocument } from './types.ts';
import { readYaml, toValue, type YamlNode, type YamlResult } from './yaml.ts';

/** What the parser of one document must know of its file. */
export interface DocumentContext {
  readonly file: DocumentFile;
  readonly index: number;
  readonly positions: (offset: number) => Position;
  readonly checkRegex: RegexChecker;
  /** Directory under which files may be named; empty for none. */
  readonly directory: string;
}

/** One document after everything that can be said of it alone. */
export interface ParsedDocument {
  readonly origin: Origin;
  /** metadata.name, when it could be read and is valid. */
  readonly name: string | undefined;
  /** Absent when the document breaks the schema; present beside `errors` when it breaks a later check. */
  readonly target: ScrapeTarget | undefined;
  readonly errors: readonly FieldError[];
  /** Turns a fault that is found later into an error at its place. */
  readonly errorOf: (fault: Fault) => FieldError;
}

export type DocumentOutcome =
  | { readonly kind: 'parsed'; readonly document: ParsedDocument }
  | { readonly kind: 'skipped'; readonly skipped: readonly SkippedDocument[] };

type ReadYaml = Extract<YamlResult, { kind: 'read' }>;

/** Parses one document of a file. Never throws. */
export function parseDocument(text: DocumentText, context: DocumentContext): DocumentOutcome {
  if (text.text.length > LIMITS.documentCharacters) {
    const message = `The document has more than ${LIMITS.documentCharacters} characters and was not read. Split it, or move it out of the source.`;
    return parsed(unreadable(context, text.offset, 'LimitExceeded', message));
  }
  const yaml = readYaml(text);
  if (yaml.kind === 'unreadable') {
    const { offset, message } = yaml.problem;
    return parsed(unreadable(context, offset, 'InvalidYAML', message));
  }
  const kind = kindOf(yaml.root);
  if (kind.kind === 'empty') return { kind: 'skipped', skipped: [] };
  const origin = originOf(context, yaml.root.offset);
  if (kind.kind === 'foreign') return skipped(origin, kind.what);
  const faults = kind.kind === 'refused' ? [kind.fault] : undefined;
  return parsed(examine(text, yaml, origin, context, faults));
}

const parsed = (document: ParsedDocument): DocumentOutcome => ({ kind: 'parsed', document });

function skipped({ file, documentIndex, line }: Origin, what: string): DocumentOutcome {
  return { kind: 'skipped', skipped: [{ file, documentIndex, line, what }] };
}

/** A document, or a file, of which nothing can be said but one thing. */
export function unreadable(
  context: DocumentContext,
  offset: number,
  reason: string,
  message: string,
): ParsedDocument {
  const origin = originOf(context, offset);
  const { file, documentIndex } = origin;
  const errorOf = (fault: Fault): FieldError => ({
    file,
    documentIndex,
    ...context.positions(offset),
    path: formatPath(fault.path),
    reason: fault.reason,
    message: fault.message,
  });
  return {
    origin,
    name: undefined,
    target: undefined,
    errors: [errorOf({ path: [], reason, message })],
    errorOf,
  };
}

function originOf({ file, index, positions }: DocumentContext, offset: number): Origin {
  const { revision, gitRevision } = file;
  return {
    file: file.file,
    documentIndex: index,
    line: positions(offset).line,
    ...(revision !== undefined && { revision }),
    ...(gitRevision !== undefined && { gitRevision }),
  };
}

function examine(
  text: DocumentText,
  { root, problems }: ReadYaml,
  origin: Origin,
  context: DocumentContext,
  refused: readonly Fault[] | undefined,
): ParsedDocument {
  const name = nameOf(root);
  const errorAt = errorMaker(origin, name, context);
  const errorOf = laterErrors(text, errorAt);
  const { faults, target } =
    refused === undefined ? judge(root, origin, context) : { faults: refused, target: undefined };
  const located = [
    ...problems.map(({ offset, message }) => ({
      fault: { path: [], reason: 'InvalidYAML', message },
      offset,
    })),
    ...faults.map((fault) => ({ fault, offset: locate(root, fault) })),
  ].sort((a, b) => a.offset - b.offset);
  const errors = located
    .slice(0, LIMITS.errorsPerDocument)
    .map(({ fault, offset }) => errorAt(fault, offset));
  return { origin, name, target, errors: [...errors, ...omitted(located.length, errorOf)], errorOf };
}

/** Reads the text again to find the place: that is seldom needed, and the trees of a thousand documents are large. */
function laterErrors(text: DocumentText, errorAt: ReturnType<typeof errorMaker>): ParsedDocument['errorOf'] {
  return (fault) => {
    const yaml = readYaml(text);
    return errorAt(fault, yaml.kind === 'read' ? locate(yaml.root, fault) : text.offset);
  };
}

/** An invalid name is no name: it may be a slip in the name of a target that is in force. */
function nameOf(root: YamlNode): string | undefined {
  const name = textAt(root, ['metadata', 'name']);
  return name !== undefined && isDnsLabel(name) ? name : undefined;
}

function errorMaker(
  { file, documentIndex }: Origin,
  name: string | undefined,
  { positions }: DocumentContext,
) {
  return (fault: Fault, offset: number): FieldError => ({
    file,
    documentIndex,
    ...(name === undefined ? {} : { name }),
    ...positions(offset),
    path: formatPath(fault.path),
    reason: fault.reason,
    message: fault.message,
  });
}

function omitted(count: number, errorOf: (fault: Fault) => FieldError): FieldError[] {
  const more = count - LIMITS.errorsPerDocument;
  if (more <= 0) return [];
  return [
    errorOf({
      path: [],
      reason: 'InvalidSpec',
      message: `${more} more errors in this document are not shown.`,
    }),
  ];
}

function judge(
  root: YamlNode,
  origin: Origin,
  context: DocumentContext,
): { readonly faults: readonly Fault[]; readonly target: ScrapeTarget | undefined } {
  const result = checkSchema(toValue(root));
  if (result.kind === 'invalid') return { faults: result.faults, target: undefined };
  const faults = checkDocument(result.document, context);
  return { faults, target: accept(result.document, origin) };
}

function accept(document: ScrapeTargetDocument, origin: Origin): ScrapeTarget {
  const spec = acceptSpec(document);
  return { metadata: acceptMetadata(document), spec, origin, specHash: hashOf(spec) };
}
