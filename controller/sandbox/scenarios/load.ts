import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { load, YAMLException } from 'js-yaml';
import { parseDuration } from '../../api/duration.ts';
import { formatThrown, sentence } from '../../errors.ts';
import { EFFECT_KINDS } from './fault-schema.ts';
import { generateScenario } from './generate.ts';
import { invalidScenario } from './invalid.ts';
import { prometheusForEcs } from './prometheus-for-ecs.ts';
import { scenarioSchema } from './schema.ts';
import type { ErrorObject } from 'ajv';
import type { Scenario } from './scenario.ts';

const GENERATED = /^generated-(\d{1,5})x(\d{1,5})$/;

/** Scenarios that come with the sandbox: by name, or made to measure as `generated-<services>x<tasks of each>`. */
function builtIn(name: string): Scenario | undefined {
  if (name === prometheusForEcs.name) return prometheusForEcs;
  const [, services, tasksPerService] = GENERATED.exec(name) ?? [];
  return services === undefined || tasksPerService === undefined
    ? undefined
    : generateScenario({ services: Number(services), tasksPerService: Number(tasksPerService) });
}

const isDuration = (text: string): boolean => parseDuration(text) !== undefined;

const validate = new Ajv({ allErrors: true, discriminator: true, allowUnionTypes: true })
  .addFormat('duration', isDuration)
  .compile<Scenario>(scenarioSchema);

/** `/clusters/0/services/1/name` as a person writes it: `clusters[0].services[1].name`. */
const jsonPath = (pointer: string): string =>
  pointer
    .slice(1)
    .replaceAll(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.');

function detail(error: ErrorObject): string {
  if (error.keyword === 'additionalProperties')
    return `unknown field ${String(error.params['additionalProperty'])}`;
  if (error.keyword === 'enum' && Array.isArray(error.params['allowedValues']))
    return `must be one of ${error.params['allowedValues'].join(', ')}`;
  if (error.keyword === 'discriminator') return `kind must be one of ${EFFECT_KINDS.join(', ')}`;
  if (error.keyword === 'format') return 'must be a duration such as 30s or 5m';
  return error.message ?? error.keyword;
}

function describe(error: ErrorObject): string {
  const path = jsonPath(error.instancePath);
  return path === '' ? detail(error) : `${path}: ${detail(error)}`;
}

function parseYaml(text: string, file: string): unknown {
  try {
    return load(text, { filename: file });
  } catch (thrown) {
    throw invalidScenario(thrown instanceof YAMLException ? thrown.message : formatThrown(thrown), file);
  }
}

/** Reads a scenario from YAML or JSON; tells every fault at once. */
export function parseScenario(text: string, file: string): Scenario {
  const scenario = parseYaml(text, file);
  if (validate(scenario)) return scenario;
  throw invalidScenario((validate.errors ?? []).map(describe).join('; '), file);
}

/** A built-in scenario by its name, or else a file. */
export async function loadScenario(nameOrPath: string): Promise<Scenario> {
  const known = builtIn(nameOrPath);
  if (known !== undefined) return known;
  try {
    return parseScenario(await readFile(nameOrPath, 'utf8'), nameOrPath);
  } catch (thrown) {
    if (!(thrown instanceof Error) || !('code' in thrown)) throw thrown;
    throw invalidScenario(
      `${sentence(formatThrown(thrown))} Name a file, or a scenario that comes with the sandbox: ${prometheusForEcs.name}, generated-10x5.`,
      nameOrPath,
    );
  }
}
