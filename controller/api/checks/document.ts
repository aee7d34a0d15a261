import type { Fault } from '../faults.ts';
import type { RegexChecker } from '../regex.ts';
import type { ScrapeTargetDocument } from '../scrapetarget.gen.ts';

/** What the checks beyond the schema need besides the document. */
export interface CheckContext {
  readonly checkRegex: RegexChecker;
  /** Directory under which files may be named; empty for none. */
  readonly directory: string;
}

/** Everything that the schema cannot say about one document. */
export function checkDocument(_document: ScrapeTargetDocument, _context: CheckContext): Fault[] {
  return [];
}
