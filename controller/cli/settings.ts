import { terminal } from '../errors.ts';
import type { LookOptions } from '../reconcile/look.ts';
import type { Io } from './io.ts';
import { POLICIES } from './option-table.ts';
import type { Options } from './options.ts';

/** With fewer targets, losing more than half of them at once is an ordinary day. */
const MASS_LOSS_MINIMUM = 10;

export function lookOptions(options: Options, io: Io): LookOptions {
  const fileAccessDirectory = options.string('file-access-dir');
  return {
    owner: options.string('owner') ?? '',
    ...(fileAccessDirectory === undefined ? {} : { fileAccessDirectory }),
    variables: new Map(options.list('base-config-env').map((name) => [name, variable(name, io)])),
    restriction: {
      policy: POLICIES.find((policy) => policy === options.string('policy')) ?? 'sync',
      only: options.list('only').length === 0 ? undefined : new Set(options.list('only')),
      noDisruption: options.flag('no-disruption'),
    },
    prune: {
      maxPercent: options.integer('max-prune') ?? 20,
      allowEmpty: options.flag('allow-empty'),
    },
    sampleLabelsOnly: options.flag('sample-labels-only'),
    massLoss: { share: (options.integer('max-target-loss') ?? 50) / 100, minimum: MASS_LOSS_MINIMUM },
  };
}

function variable(name: string, io: Io): string {
  const value = io.env[name];
  if (value !== undefined) return value;
  throw terminal({
    reason: 'VariableNotSet',
    message: `--base-config-env names ${name}, but the environment variable ${name} is not set.`,
    remedy: 'Set it, or do not name it.',
  });
}

export function applyOptions(options: Options): { readonly maxRollouts: number } {
  return { maxRollouts: options.integer('max-rollouts') ?? 1 };
}
