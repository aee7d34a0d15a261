/** The text of one document of a file, and where it begins. */
export interface DocumentText {
  readonly text: string;
  /** Position of `text` in the file, in characters. */
  readonly offset: number;
}

/** A marker at the beginning of a line: YAML allows it nowhere inside a document, not even in quotes. */
const MARKER = /(?:^|[\r\n])(---|\.\.\.)(?=[ \t\r\n]|$)/g;
const LINE_END = /[\r\n]|$/g;
/** A line that is not empty, not a comment and not a directive. */
const CONTENT = /(?:^|[\r\n])[ \t]*[^ \t\r\n#%]/;

/**
 * Cuts a file into its documents without parsing it, so that a syntax error spoils one document only.
 * Comments and directives belong to the document that follows them.
 */
export function splitDocuments(file: string): DocumentText[] {
  const documents: DocumentText[] = [];
  let start = 0;
  let opened = false;
  const close = (end: number): void => {
    const text = file.slice(start, end);
    if (opened || CONTENT.test(text)) documents.push({ text, offset: start });
    start = end;
    opened = false;
  };
  for (const match of file.matchAll(MARKER)) {
    const at = match.index + match[0].length - 3;
    if (match[1] === '...') {
      close(lineEndAfter(file, at));
    } else {
      if (opened || CONTENT.test(file.slice(start, at))) close(at);
      opened = true;
    }
  }
  close(file.length);
  return documents;
}

function lineEndAfter(file: string, position: number): number {
  LINE_END.lastIndex = position;
  return LINE_END.exec(file)?.index ?? file.length;
}

/** Line and column, both from 1, of a position in a file. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Looks up positions of one file; the lines are counted once. */
export function positionsOf(file: string): (offset: number) => Position {
  const starts = [0];
  for (const match of file.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
  return (offset) => {
    const line = lastAtMost(starts, offset);
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}

/** Index of the last element of a sorted list that is not greater than `wanted`. */
function lastAtMost(sorted: readonly number[], wanted: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sorted[middle] ?? 0) <= wanted) low = middle;
    else high = middle - 1;
  }
  return low;
}
