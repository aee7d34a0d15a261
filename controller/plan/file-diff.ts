import { isConfigFile, type FileChange } from '../state/targets.ts';
import { diffJobs } from './config-diff.ts';
import { countLines } from './line-diff.ts';
import { diffTargets } from './targets-diff.ts';

/** What changes in one file of the bundle, without anything of it that may be secret. */
export interface FileSummary {
  readonly path: string;
  readonly action: FileChange['action'];
  readonly linesAdded: number;
  readonly linesRemoved: number;
  /** Addresses; empty for the configuration. */
  readonly targetsAdded: readonly string[];
  readonly targetsRemoved: readonly string[];
  /** Lines of our own jobs and changed target labels, each with its sign in front, secrets masked. */
  readonly diff: readonly string[];
}

export function describeFile(file: FileChange): FileSummary {
  const before = file.before ?? '';
  const after = file.after ?? '';
  const targets = isConfigFile(file.path) ? undefined : diffTargets(before, after);
  return {
    path: file.path,
    action: file.action,
    ...countLines(before, after),
    targetsAdded: targets?.added ?? [],
    targetsRemoved: targets?.removed ?? [],
    diff: targets?.relabelled ?? diffJobs(before, after),
  };
}
