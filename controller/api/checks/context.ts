import type { RegexChecker } from '../regex.ts';

/** What the checks beyond the schema need besides the document. */
export interface CheckContext {
  readonly checkRegex: RegexChecker;
  /** Directory under which files may be named; empty for none. */
  readonly directory: string;
}
