import type { Io } from '../io.ts';
import type { OptionName } from '../option-table.ts';
import type { Options } from '../options.ts';

/** A verb as the list of verbs shows it. */
export interface VerbEntry {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  readonly load: () => Promise<Verb>;
}

/** One verb of scrapectl. */
export interface Verb {
  readonly name: string;
  /** What follows the verb on the usage line. */
  readonly usage: string;
  /** Paragraphs for `scrapectl VERB --help`. */
  readonly help: readonly string[];
  readonly examples: readonly string[];
  readonly exitCodes: readonly (readonly [code: number, meaning: string])[];
  readonly options: readonly OptionName[];
  /** What `-o` may be. Default: text, json, yaml and markdown. */
  readonly outputs?: readonly string[];
  /** Takes arguments beside its options. */
  readonly positionals?: true;
  /** Exit code of a command line that makes no sense. */
  readonly usageExitCode: number;
  readonly run: (context: VerbContext) => Promise<number>;
}

export interface VerbContext {
  readonly options: Options;
  readonly positionals: readonly string[];
  readonly io: Io;
}
