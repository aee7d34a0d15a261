import { summarizePass } from '../status/summarize.ts';
import type { ChangeOutcome, Publication, TargetStatus } from '../status/types.ts';
import { applyPlan, type ApplyOptions, type ApplyPorts } from './apply-plan.ts';
import { look, type LookOptions, type LookPorts, type Memory, type View } from './look.ts';
import type { Publisher } from './ports.ts';
import { publishView } from './publish.ts';

/** What one pass found, did and achieved. */
export interface PassReport {
  readonly view: View;
  readonly outcomes: readonly ChangeOutcome[];
  /** Undefined when nothing was to be published. */
  readonly publication: Publication | undefined;
}

export interface PassPorts extends LookPorts, ApplyPorts {
  /** Undefined when only AWS is to be changed. */
  readonly publisher: Publisher | undefined;
}

/**
 * One pass of the controller. The halves run side by side, because targets must flow while a write is
 * throttled, refused or rolling out; what the writes change is seen by the next pass. A look that the
 * signal cut short says nothing about the world, so nothing follows from it.
 */
export async function controllerPass(
  ports: PassPorts,
  options: LookOptions & ApplyOptions,
  memory: Memory,
  signal: AbortSignal,
): Promise<PassReport | 'cut short'> {
  const view = await look(ports, options, memory, signal);
  if (signal.aborted) return 'cut short';
  const [outcomes, publication] = await Promise.all([
    applyPlan(view.plan, ports, options, signal),
    ports.publisher && publishView(view, ports.publisher, signal),
  ]);
  return { view, outcomes, publication };
}

/** One pass for a person who waits: the writes and their rollouts first, then what became of them is published. */
export async function applyPass(
  planned: View,
  ports: PassPorts,
  options: LookOptions & ApplyOptions,
  signal: AbortSignal,
): Promise<PassReport> {
  const outcomes = await applyPlan(planned.plan, ports, options, signal);
  const view = outcomes.length === 0 ? planned : await look(ports, options, planned.memory, signal);
  const publication = ports.publisher && (await publishView(view, ports.publisher, signal));
  return { view, outcomes, publication };
}

/** The conditions of every ScrapeTarget after a pass. */
export function statusAfter(
  { view, outcomes, publication }: PassReport,
  previous: readonly TargetStatus[],
  now: number,
): readonly TargetStatus[] {
  const { documents, plan, discoveries, problems } = view;
  const { targets, errors, lastKnownGood } = documents;
  const facts = { targets, errors, lastKnownGood, plan, outcomes, discoveries, problems, publication };
  return summarizePass(facts, previous, new Date(now).toISOString());
}
