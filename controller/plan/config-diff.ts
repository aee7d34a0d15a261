import { dump, FAILSAFE_SCHEMA, load } from 'js-yaml';
import { compareText } from '../state/keys.ts';
import { diffLines, linesOf } from './line-diff.ts';
import { maskSecrets } from './mask.ts';

/** Our jobs are named `<ScrapeTarget>/<endpoint>`, both DNS labels. */
const OWN_JOB = /^[a-z0-9][a-z0-9-]*\/[a-z0-9][a-z0-9-]*$/;

/**
 * Line diff of our own jobs. The rest of the configuration is the user's, may hold secrets and is
 * only counted.
 */
export function diffJobs(before: string, after: string): readonly string[] {
  const [old, fresh] = [readJobs(before), readJobs(after)];
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .sort(compareText)
    .flatMap((name) => diffJob(name, old.get(name), fresh.get(name)));
}

/** A job that is new or gone tells its name itself. */
function diffJob(name: string, before: string | undefined, after: string | undefined): readonly string[] {
  const lines = diffLines(linesOf(before ?? ''), linesOf(after ?? ''));
  const changed = before !== undefined && after !== undefined && lines.length > 0;
  return changed ? [`~ job ${name}`, ...lines] : lines;
}

function readJobs(config: string): ReadonlyMap<string, string> {
  const jobs = new Map<string, string>();
  for (const job of scrapeConfigs(config)) {
    const name = isRecord(job) ? job['job_name'] : undefined;
    if (typeof name === 'string' && OWN_JOB.test(name))
      jobs.set(name, dump([maskSecrets(job)], { lineWidth: -1 }));
  }
  return jobs;
}

function scrapeConfigs(config: string): readonly unknown[] {
  const parsed = parseYaml(config);
  const list = isRecord(parsed) ? parsed['scrape_configs'] : undefined;
  return Array.isArray(list) ? list : [];
}

function parseYaml(text: string): unknown {
  try {
    return load(text, { schema: FAILSAFE_SCHEMA });
  } catch {
    // What is on disk need not be ours, or whole; then only its lines are counted.
    return undefined;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
