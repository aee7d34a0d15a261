import type { ScrapeTarget } from '../api/types.ts';
import { waiting } from '../errors.ts';
import { calculatePlan } from '../plan/calculate-plan.ts';
import type { Plan } from '../plan/types.ts';
import { discoverTargets } from '../scrape/discover.ts';
import { DEFAULT_BASE_CONFIG, renderBundle, type BaseConfig, type RenderProblem } from '../scrape/render.ts';
import { expandVariables } from '../scrape/variables.ts';
import { buildDesiredState } from '../state/desired.ts';
import { registryKey, serviceKey } from '../state/keys.ts';
import type { ObservedState } from '../state/observed.ts';
import type { Bundle, Discovery } from '../state/targets.ts';
import type { CloudReader, DocumentSource, ObserveScope, TextReader } from './ports.ts';
import { readDocuments, type DocumentMemory, type Documents } from './read-documents.ts';

/** Everything a look at the world needs; nothing here can change it. */
export interface LookPorts {
  readonly sources: readonly DocumentSource[];
  readonly baseConfig: TextReader | undefined;
  readonly reader: CloudReader;
  /** Version of the Prometheus that the bundle is for, where it is known. */
  readonly prometheusVersion: (signal: AbortSignal) => Promise<string | undefined>;
  readonly progress: (message: string) => void;
}

export interface LookOptions {
  readonly owner: string;
  readonly fileAccessDirectory?: string;
  /** Values that may replace `${NAME}` in the base configuration. */
  readonly variables: ReadonlyMap<string, string>;
}

/** What documents and AWS say at one moment, and what follows from it. */
export interface View {
  readonly documents: Documents;
  readonly observed: ObservedState;
  readonly plan: Plan;
  /** By ScrapeTarget name. */
  readonly discoveries: ReadonlyMap<string, Discovery>;
  readonly bundle: Bundle;
  readonly problems: readonly RenderProblem[];
}

/** The way of the data up to the point where something would be changed. */
export async function look(
  ports: LookPorts,
  options: LookOptions,
  memory: DocumentMemory,
  signal: AbortSignal,
): Promise<View> {
  ports.progress('reading documents');
  const documents = await readDocuments(ports.sources, memory, options, signal);
  const [baseConfig, prometheusVersion] = await Promise.all([
    readBaseConfig(ports.baseConfig, options.variables, signal),
    ports.prometheusVersion(signal),
  ]);
  ports.progress(`observing AWS for ${documents.targets.length} ScrapeTargets`);
  const observed = await ports.reader.observe(scopeOf(documents.targets), signal);
  const plan = calculatePlan(buildDesiredState(documents.targets, options.owner), observed, options);
  const discoveries = new Map(
    documents.targets.map((target) => [target.metadata.name, discover(target, observed)]),
  );
  const { bundle, problems } = renderBundle({
    targets: documents.targets,
    discoveries,
    baseConfig,
    ...(prometheusVersion === undefined ? {} : { prometheusVersion }),
  });
  return { documents, observed, plan, discoveries, bundle, problems };
}

async function readBaseConfig(
  reader: TextReader | undefined,
  variables: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<BaseConfig> {
  if (reader === undefined) return DEFAULT_BASE_CONFIG;
  const text = await reader.read(signal);
  return { uri: reader.uri, text: expandVariables(text, variables, reader.uri) };
}

/** A suspended ScrapeTarget keeps the targets that it has. */
function discover(target: ScrapeTarget, observed: ObservedState): Discovery {
  if (!target.spec.suspend) return discoverTargets(target, observed);
  return {
    kind: 'unknown',
    error: waiting({
      reason: 'Suspended',
      message: `ScrapeTarget ${target.metadata.name} is suspended: its targets stay as they are.`,
      remedy: 'Remove spec.suspend to go on.',
    }),
  };
}

/** The AWS names in the documents, each once. */
export function scopeOf(targets: readonly ScrapeTarget[]): ObserveScope {
  const services = new Map(targets.map(({ spec }) => [serviceKey(spec.serviceRef), spec.serviceRef]));
  const registries = new Map(
    targets.map(({ spec }) => [
      registryKey(spec.registry),
      { namespace: spec.registry.namespace, name: spec.registry.name },
    ]),
  );
  return { services: [...services.values()], registries: [...registries.values()] };
}
