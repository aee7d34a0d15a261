import type { Endpoint, ScrapeTarget } from '../api/types.ts';
import { compareText } from '../state/keys.ts';
import { TAGGED_FILE } from '../state/tagged.ts';
import { targetFilePath } from '../state/targets.ts';
import type { Bundle, Discovery, TargetFile, TargetGroup } from '../state/targets.ts';
import { appendScrapeConfigs, parseBaseConfig } from './base-config.ts';
import type { BaseConfig, ParsedBase } from './base-config.ts';
import { renderFileSd } from './file-sd.ts';
import { toJobName, toScrapeConfig } from './scrape-config.ts';
import type { ScrapeConfig } from './scrape-config.ts';
import { taggedFile, taggedJob } from './tagged-job.ts';
import type { TaggedTargets } from './tagged-job.ts';
import { effectiveTiming } from './timing.ts';

export { DEFAULT_BASE_CONFIG } from './base-config.ts';
export type { BaseConfig } from './base-config.ts';
export { renderFileSd } from './file-sd.ts';

/** Something of one endpoint that the bundle does not hold as the document asks for it. */
export interface RenderProblem {
  /** metadata.name of the ScrapeTarget. */
  readonly target: string;
  readonly endpoint: string;
  /** Reasons of the condition ConfigGenerated. Only `RenderFailed` means that the job is not in the config. */
  readonly reason: 'FieldIgnoredForVersion' | 'TimeoutExceedsInterval' | 'FileNotSeen' | 'RenderFailed';
  readonly message: string;
}

export interface RenderInput {
  readonly targets: readonly ScrapeTarget[];
  /** By ScrapeTarget name; a missing one is as unknown as a failed one. */
  readonly discoveries: ReadonlyMap<string, Discovery>;
  readonly baseConfig: BaseConfig;
  /** Of the Prometheus that will read the bundle, for example `2.42.0`. */
  readonly prometheusVersion?: string;
  /** Targets that only tags ask for; absent where nobody looks for them. */
  readonly tagged?: TaggedTargets;
  /** Names of the ScrapeTargets of which Prometheus has not loaded this version yet. */
  readonly untried?: ReadonlySet<string>;
}

export interface RenderOutput {
  readonly bundle: Bundle;
  readonly problems: readonly RenderProblem[];
}

/** All Prometheus files of one cycle. Throws only for a fault of the base configuration. */
export function renderBundle(input: RenderInput): RenderOutput {
  const { config, files, problems } = configureOnce(input);
  const { tagged } = input;
  const targetFiles = new Map([
    ...files.map((file) => [file.path, targetFile(file, input)] as const),
    ...(tagged === undefined ? [] : [[TAGGED_FILE, taggedFile(tagged)] as const]),
  ]);
  return { bundle: { config, targetFiles }, problems };
}

/** What follows from the documents and the base configuration alone, whatever tasks there are. */
interface Configured {
  readonly config: string;
  readonly files: readonly JobFile[];
  readonly problems: readonly RenderProblem[];
}

/** Mostly what it was in the pass before, and a thousand jobs take long to print. */
let last: { readonly ingredients: readonly unknown[]; readonly configured: Configured } | undefined;

function configureOnce(input: RenderInput): Configured {
  const { baseConfig, prometheusVersion, tagged, targets } = input;
  const ingredients = [baseConfig.uri, baseConfig.text, prometheusVersion, tagged === undefined, ...targets];
  const known =
    last?.ingredients.length === ingredients.length &&
    last.ingredients.every((each, index) => each === ingredients[index]);
  if (last === undefined || !known) last = { ingredients, configured: configure(input) };
  return last.configured;
}

function configure(input: RenderInput): Configured {
  const base = parseBaseConfig(input.baseConfig);
  const { jobs, refused } = selectJobs(input.targets, base);
  const rendered = jobs.map((job) => renderJob(job, base, input));
  const config = appendScrapeConfigs(base, [
    ...rendered.map(({ config }) => config.node),
    ...(input.tagged === undefined ? [] : taggedJob(base)),
  ]);
  return {
    config,
    files: rendered.map(({ file }) => file),
    problems: [...refused, ...rendered.flatMap(({ problems }) => problems)].sort(compareProblems),
  };
}

interface Job {
  readonly name: string;
  readonly target: ScrapeTarget;
  readonly endpoint: Endpoint;
}

/** Sorted by job name. A name that is taken keeps the job out: Prometheus would refuse the whole file. */
function selectJobs(
  targets: readonly ScrapeTarget[],
  base: ParsedBase,
): { readonly jobs: readonly Job[]; readonly refused: readonly RenderProblem[] } {
  const jobs = new Map<string, Job>();
  const refused: RenderProblem[] = [];
  const wanted = targets
    .flatMap((target) =>
      target.spec.endpoints.map((endpoint) => ({ name: toJobName(target, endpoint), target, endpoint })),
    )
    .sort((a, b) => compareText(a.name, b.name) || compareText(a.target.origin.file, b.target.origin.file));
  for (const job of wanted) {
    const taken = whoHas(job.name, base, jobs);
    if (taken === undefined) jobs.set(job.name, job);
    else
      refused.push(
        problem(job, 'RenderFailed', `The job name "${job.name}" is taken by ${taken}; rename one of them.`),
      );
  }
  return { jobs: [...jobs.values()], refused };
}

function whoHas(name: string, base: ParsedBase, jobs: ReadonlyMap<string, Job>): string | undefined {
  if (base.jobNames.has(name)) return `a job of ${base.uri}`;
  const job = jobs.get(name);
  return job && `ScrapeTarget ${job.target.metadata.name} of ${job.target.origin.file}`;
}

/** The target file of a job, still without its targets. */
interface JobFile {
  readonly path: string;
  readonly job: Job;
  /** What its targets must say; undefined where the global timeout is right. */
  readonly timeout: string | undefined;
}

interface RenderedJob {
  readonly config: ScrapeConfig;
  readonly file: JobFile;
  readonly problems: readonly RenderProblem[];
}

function renderJob(job: Job, base: ParsedBase, input: RenderInput): RenderedJob {
  const { target, endpoint } = job;
  const config = toScrapeConfig(target, endpoint, input.prometheusVersion);
  const timing = effectiveTiming(endpoint, base.global, base.uri);
  return {
    config,
    file: { path: targetFilePath(target.metadata.name, endpoint.name), job, timeout: timing.timeout },
    problems: [
      ...config.ignored.map(({ field, needs }) =>
        problem(
          job,
          'FieldIgnoredForVersion',
          `${field} is left out: it needs Prometheus ${needs} or later, ${runningVersion(input)}.`,
        ),
      ),
      ...(timing.fault === undefined ? [] : [problem(job, 'TimeoutExceedsInterval', timing.fault)]),
    ],
  };
}

function runningVersion({ prometheusVersion }: RenderInput): string {
  return prometheusVersion === undefined
    ? 'and the version of the running one is not known'
    : `the running one is ${prometheusVersion}`;
}

const TIMEOUT_LABEL = '__scrape_timeout__';

function targetFile({ job, timeout }: JobFile, { discoveries, untried }: RenderInput): TargetFile {
  const { name } = job.target.metadata;
  const discovery = discoveries.get(name);
  if (discovery?.kind !== 'discovered') return { kind: 'keep' };
  const groups = discovery.endpoints.get(job.endpoint.name) ?? [];
  return fileOf(groups, timeout, untried?.has(name) === true);
}

interface KnownFile {
  readonly timeout: string | undefined;
  readonly untried: boolean;
  readonly file: TargetFile;
}

/** Files of the groups that are still in use: the same groups come again and again, and give the same file. */
const FILES = new WeakMap<readonly TargetGroup[], KnownFile>();

function fileOf(groups: readonly TargetGroup[], timeout: string | undefined, untried: boolean): TargetFile {
  const known = FILES.get(groups);
  if (known !== undefined && known.timeout === timeout && known.untried === untried) return known.file;
  const file: TargetFile = {
    kind: 'write',
    ...(untried && { untried }),
    // Once a file is written nobody asks for its text again, and the texts of ten thousand targets are large.
    get text() {
      return renderFileSd(groups.map((group) => withTimeout(group, timeout)));
    },
  };
  FILES.set(groups, { timeout, untried, file });
  return file;
}

function withTimeout({ targets, labels }: TargetGroup, timeout: string | undefined): TargetGroup {
  if (labels[TIMEOUT_LABEL] === timeout) return { targets, labels };
  const others = Object.entries(labels).filter(([name]) => name !== TIMEOUT_LABEL);
  const own = timeout === undefined ? [] : [[TIMEOUT_LABEL, timeout] as const];
  return { targets, labels: Object.fromEntries([...others, ...own]) };
}

function problem(job: Job, reason: RenderProblem['reason'], message: string): RenderProblem {
  return { target: job.target.metadata.name, endpoint: job.endpoint.name, reason, message };
}

function compareProblems(a: RenderProblem, b: RenderProblem): number {
  return (
    compareText(a.target, b.target) ||
    compareText(a.endpoint, b.endpoint) ||
    compareText(a.message, b.message)
  );
}
