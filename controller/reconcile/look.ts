import type { ScrapeTarget } from '../api/types.ts';
import { toOperatorError, waiting, type OperatorError } from '../errors.ts';
import { calculatePlan } from '../plan/calculate-plan.ts';
import type { Plan } from '../plan/types.ts';
import { parseBaseConfig } from '../scrape/base-config.ts';
import { DEFAULT_BASE_CONFIG, renderBundle, type BaseConfig, type RenderProblem } from '../scrape/render.ts';
import { expandVariables } from '../scrape/variables.ts';
import { buildDesiredState } from '../state/desired.ts';
import { registryKey, serviceKey } from '../state/keys.ts';
import type { ObservedState } from '../state/observed.ts';
import type { Bundle, Discovery } from '../state/targets.ts';
import type { CloudReader, DocumentSource, ObserveScope, TextReader } from './ports.ts';
import { NO_DOCUMENTS, readDocuments, type DocumentMemory, type Documents } from './read-documents.ts';
import { rediscover, type RememberedDiscovery } from './rediscover.ts';

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

/** What one look leaves to the next. A value, so that a pass can be replayed. */
export interface Memory {
  readonly documents: DocumentMemory;
  readonly baseConfig: BaseConfig | undefined;
  /** By ScrapeTarget name: the specHash with which a binding was last sent, so that a rollback is not fought. */
  readonly attempts: ReadonlyMap<string, string>;
  /** By ScrapeTarget name. */
  readonly discoveries: ReadonlyMap<string, RememberedDiscovery>;
}

export const NO_MEMORY: Memory = {
  documents: NO_DOCUMENTS,
  baseConfig: undefined,
  attempts: new Map(),
  discoveries: new Map(),
};

/** What documents and AWS say at one moment, and what follows from it. */
export interface View {
  readonly documents: Documents;
  readonly observed: ObservedState;
  readonly plan: Plan;
  /** By ScrapeTarget name. */
  readonly discoveries: ReadonlyMap<string, Discovery>;
  readonly bundle: Bundle;
  readonly problems: readonly RenderProblem[];
  /** Why the base configuration in use is the one of an earlier look. */
  readonly baseConfigError: OperatorError | undefined;
  readonly memory: Memory;
}

/** The way of the data up to the point where something would be changed. */
export async function look(
  ports: LookPorts,
  options: LookOptions,
  memory: Memory,
  signal: AbortSignal,
): Promise<View> {
  ports.progress('reading documents');
  const documents = await readDocuments(ports.sources, memory.documents, options, signal);
  const [base, prometheusVersion] = await Promise.all([
    readBaseConfig(ports.baseConfig, options.variables, memory.baseConfig, signal),
    ports.prometheusVersion(signal),
  ]);
  ports.progress(`observing AWS for ${documents.targets.length} ScrapeTargets`);
  const observed = await ports.reader.observe(scopeOf(documents.targets), signal);
  const plan = calculatePlan(buildDesiredState(documents.targets, options.owner), observed, {
    owner: options.owner,
    attempts: memory.attempts,
  });
  const remembered = rediscoverAll(documents.targets, observed, memory.discoveries);
  const discoveries = new Map(
    documents.targets.map((target) => [target.metadata.name, discovery(target, remembered)]),
  );
  const { bundle, problems } = renderBundle({
    targets: documents.targets,
    discoveries,
    baseConfig: base.config,
    ...(prometheusVersion === undefined ? {} : { prometheusVersion }),
  });
  return {
    documents,
    observed,
    plan,
    discoveries,
    bundle,
    problems,
    baseConfigError: base.error,
    memory: {
      documents: documents.memory,
      baseConfig: base.config,
      attempts: memory.attempts,
      discoveries: remembered,
    },
  };
}

/** An unreadable or faulty base configuration leaves the last one in force; throws when there is none. */
async function readBaseConfig(
  reader: TextReader | undefined,
  variables: ReadonlyMap<string, string>,
  remembered: BaseConfig | undefined,
  signal: AbortSignal,
): Promise<{ readonly config: BaseConfig; readonly error: OperatorError | undefined }> {
  if (reader === undefined) return { config: DEFAULT_BASE_CONFIG, error: undefined };
  try {
    const config = {
      uri: reader.uri,
      text: expandVariables(await reader.read(signal), variables, reader.uri),
    };
    parseBaseConfig(config);
    return { config, error: undefined };
  } catch (thrown) {
    if (remembered === undefined) throw thrown;
    return { config: remembered, error: toOperatorError(thrown, 'BaseConfigUnreadable') };
  }
}

function rediscoverAll(
  targets: readonly ScrapeTarget[],
  observed: ObservedState,
  remembered: Memory['discoveries'],
): Memory['discoveries'] {
  const active = targets.filter(({ spec }) => !spec.suspend);
  return new Map(
    active.map((target) => {
      const { name } = target.metadata;
      return [name, rediscover(target, observed, remembered.get(name))];
    }),
  );
}

/** A suspended ScrapeTarget keeps the targets that it has. */
function discovery(target: ScrapeTarget, remembered: Memory['discoveries']): Discovery {
  const { name } = target.metadata;
  return remembered.get(name)?.discovery ?? { kind: 'unknown', error: suspended(name) };
}

function suspended(name: string): OperatorError {
  return waiting({
    reason: 'Suspended',
    message: `ScrapeTarget ${name} is suspended: its targets stay as they are.`,
    remedy: 'Remove spec.suspend to go on.',
  });
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
