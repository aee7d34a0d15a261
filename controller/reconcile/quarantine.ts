import type { BaseConfig, RenderInput } from '../scrape/render.ts';
import { discoveryOf, renderInput, untriedOf } from './in-force.ts';
import { isolate, type Verdict } from './isolate.ts';
import type { View } from './look.ts';
import type { Memory, Quarantine } from './memory.ts';

/** A refused version is offered again after this time, because what it names (a file, a version) may have changed. */
const QUARANTINE_MS = 3_600_000;

export interface Culprits {
  /** The base configuration to go on with. */
  readonly base: BaseConfig | undefined;
  readonly refusedBase: Memory['refusedBase'];
  /** Versions that must give way, with the refusal of those that are to blame. */
  readonly bad: ReadonlyMap<string, string | undefined>;
}

export const NOBODY: Culprits = { base: undefined, refusedBase: undefined, bad: new Map() };

/** Only what Prometheus has not loaded yet can be at fault; undefined when there is nothing to go back to. */
export async function findCulprits(
  view: View,
  message: string,
  judge: (trial: RenderInput) => Promise<Verdict>,
): Promise<Culprits | undefined> {
  const { confirmedBase } = view.memory;
  const { baseConfig } = view.findings;
  const suspects = [...untriedOf(view.inForce.input.targets, view.memory)];
  const without = (base: BaseConfig, names: readonly string[]): RenderInput =>
    inputWith(view, base, new Map(names.map((name) => [name, undefined])));
  const search = async (base: BaseConfig, refusal: string): Promise<Culprits['bad']> => {
    const found = await isolate(suspects, refusal, (names) =>
      judge(
        without(
          base,
          suspects.filter((name) => !names.has(name)),
        ),
      ),
    );
    return new Map<string, string | undefined>([
      ...[...found.untried].map((name) => [name, undefined] as const),
      ...found.bad,
    ]);
  };

  if (confirmedBase?.text === baseConfig.text) {
    if (suspects.length === 0) return undefined;
    return { ...NOBODY, bad: await search(baseConfig, message) };
  }
  const alone: Verdict =
    suspects.length === 0 ? { kind: 'refused', message } : await judge(without(baseConfig, suspects));
  if (alone.kind !== 'refused') return { ...NOBODY, bad: await search(baseConfig, message) };
  if (confirmedBase === undefined) return undefined;
  const refusedBase = { text: baseConfig.text, message: alone.message };
  const all = suspects.length === 0 ? ACCEPTED : await judge(without(confirmedBase, []));
  const bad =
    all.kind === 'refused' ? await search(confirmedBase, all.message) : new Map<string, undefined>();
  return { base: confirmedBase, refusedBase, bad };
}

const ACCEPTED: Verdict = { kind: 'accepted' };

/** What is to be in force, but with the loaded versions of some names, or nothing where none was ever loaded. */
export function inputWith(
  view: View,
  base: BaseConfig | undefined,
  replaced: ReadonlyMap<string, unknown>,
): RenderInput {
  const { inForce, findings, memory } = view;
  const discoveries = new Map(inForce.input.discoveries);
  const targets = inForce.input.targets.flatMap((target) => {
    const { name } = target.metadata;
    if (!replaced.has(name)) return [target];
    const loaded = memory.confirmed.get(name)?.target;
    if (loaded === undefined) return [];
    discoveries.set(name, discoveryOf(loaded, findings));
    return [loaded];
  });
  return renderInput(
    targets,
    discoveries,
    { ...findings, baseConfig: base ?? findings.baseConfig, tagged: inForce.input.tagged },
    memory,
  );
}

/** Versions that are not offered again for a while; one that was offered in this pass has a new verdict. */
export function quarantineAfter(view: View, { bad }: Culprits, now: number): Memory['quarantine'] {
  const { memory, findings } = view;
  const hashes = new Map(findings.targets.map(({ metadata, specHash }) => [metadata.name, specHash]));
  // A document that is gone for a moment comes back as the version that was refused.
  const still = [...memory.quarantine].filter(([name, { specHash, until }]) =>
    hashes.has(name) ? hashes.get(name) === specHash && !isOffered(view, name) : now < until,
  );
  const fresh = [...bad].flatMap(([name, message]): [string, Quarantine][] => {
    const specHash = hashes.get(name);
    return message === undefined || specHash === undefined
      ? []
      : [[name, { specHash, message, until: now + QUARANTINE_MS }]];
  });
  return new Map([...still, ...fresh]);
}

/** Whether the newest version of this name was among those in this pass. */
const isOffered = ({ inForce, findings }: View, name: string): boolean =>
  inForce.input.targets.some((target) => target.metadata.name === name && findings.targets.includes(target));

export const stillRefused = ({ refusedBase, baseConfig }: Memory): Memory['refusedBase'] =>
  refusedBase?.text === baseConfig?.text ? refusedBase : undefined;
