import { parseDuration } from '../../api/duration.ts';
import { nearest } from '../../api/suggest.ts';
import { invalidScenario } from './invalid.ts';
import type { FaultEffect } from '../effects/effect.ts';
import type { FaultRule, Faults } from '../faults.ts';
import type { SandboxService } from '../service.ts';
import type { ScenarioEffect, ScenarioFault } from './fault.ts';
import type { Scenario } from './scenario.ts';

const millisecondsOf = (duration: string): number => {
  const milliseconds = parseDuration(duration);
  if (milliseconds === undefined)
    throw invalidScenario(`${JSON.stringify(duration)} is not a duration. Write 30s or 5m.`);
  return milliseconds;
};

function effectOf(effect: ScenarioEffect): FaultEffect {
  if (effect.kind === 'latency') {
    const { delay, ...rest } = effect;
    return { ...rest, ms: millisecondsOf(delay) };
  }
  if (effect.kind === 'staleRead') return { kind: 'staleRead', ageMs: millisecondsOf(effect.age) };
  return effect;
}

/** The rule that a fault of a scenario stands for, in a sandbox that started at `start`. */
function ruleOf({ window, effect, ...rule }: ScenarioFault, start: number): FaultRule {
  const { from, until } = window ?? {};
  return {
    ...rule,
    ...(window !== undefined && {
      window: {
        ...(from !== undefined && { from: start + millisecondsOf(from) }),
        ...(until !== undefined && { until: start + millisecondsOf(until) }),
      },
    }),
    effect: effectOf(effect),
  };
}

const operationsOf = (service: SandboxService): readonly string[] =>
  service.protocol === 'json' ? Object.keys(service.operations) : service.operationNames;

function unknownOperations(fault: ScenarioFault, services: readonly SandboxService[]): string[] {
  const known = services
    .filter(({ name }) => (fault.service ?? name) === name)
    .flatMap((service) => operationsOf(service));
  const where = fault.service ?? 'the sandbox';
  return [fault.operation ?? []]
    .flat()
    .filter((operation) => !known.includes(operation))
    .map((operation) => {
      const meant = nearest(operation, known);
      return `operation: ${where} has no operation ${operation}${meant === undefined ? '.' : `. Did you mean ${meant}?`}`;
    });
}

/** What the schema of a fault cannot say. */
function contradictions({ nth, after, count, window }: ScenarioFault): string[] {
  const { from = '0', until } = window ?? {};
  const isEmpty = until !== undefined && millisecondsOf(from) >= millisecondsOf(until);
  return [
    ...(nth !== undefined && (after !== undefined || count !== undefined)
      ? ['nth names one call: leave out after and count']
      : []),
    ...(isEmpty ? [`window: until ${until} must be later than from ${from}`] : []),
  ];
}

/** Puts the faults of a scenario in force, or tells everything that is wrong with them. */
export function applyFaults(
  faults: Faults,
  { name, faults: wanted = [] }: Scenario,
  services: readonly SandboxService[],
  start: number,
): void {
  const wrong = wanted.flatMap((fault, index) =>
    [...contradictions(fault), ...unknownOperations(fault, services)].map(
      (message) => `faults[${index}].${message}`,
    ),
  );
  if (wrong.length > 0) throw invalidScenario(wrong.join('; '), name);
  for (const fault of wanted) faults.add(ruleOf(fault, start));
}
