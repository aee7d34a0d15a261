import type { Json } from '../members.ts';
import { members } from '../members.ts';
import { AwsFault } from '../service.ts';
import { latest, parameterNotFound, type Parameter, type ParameterVersion, type Store } from './store.ts';

const MAX_LABELS = 10;

const isValid = (label: string): boolean =>
  /^[a-zA-Z0-9_.-]{1,100}$/.test(label) && !/^(\d|aws|ssm)/i.test(label);

const withLabels = (version: ParameterVersion, labels: Iterable<string>): ParameterVersion => ({
  ...version,
  labels: new Set(labels),
});

function relabel(parameter: Parameter, change: (version: ParameterVersion) => ParameterVersion): Parameter {
  const [first, ...rest] = parameter.versions;
  return { ...parameter, versions: [change(first), ...rest.map(change)] };
}

/** A label is on one version at a time: setting it elsewhere moves it. */
function moveLabels(parameter: Parameter, number: number, labels: readonly string[]): Parameter {
  return relabel(parameter, (version) => {
    const kept = [...version.labels].filter((label) => !labels.includes(label));
    const after = withLabels(version, version.version === number ? [...kept, ...labels] : kept);
    if (after.labels.size > MAX_LABELS)
      throw new AwsFault(
        'ParameterVersionLabelLimitExceeded',
        `A parameter version can have maximum ${MAX_LABELS} labels.`,
      );
    return after;
  });
}

export function labelOperations(store: Store) {
  return {
    LabelParameterVersion(json: Json) {
      const input = members(json, 'ValidationException');
      const parameter = store.parameters.get(input.requiredText('Name', { min: 1, max: 2048 }));
      if (parameter === undefined) throw parameterNotFound();
      const number = input.integer('ParameterVersion') ?? latest(parameter).version;
      if (!parameter.versions.some(({ version }) => version === number))
        throw new AwsFault(
          'ParameterVersionNotFound',
          `Systems Manager could not find version ${number} of ${parameter.name}. Verify the version and try again.`,
        );
      const labels = input.requiredTexts('Labels', { min: 1, max: MAX_LABELS }, { min: 1, max: 100 });
      store.parameters.set(parameter.name, moveLabels(parameter, number, labels.filter(isValid)));
      return {
        InvalidLabels: labels.filter((label) => !isValid(label)),
        ParameterVersion: number,
      };
    },
  };
}
