import { open, readFile, rename, rm } from 'node:fs/promises';
import { hashOf } from '../api/hash.ts';
import { formatThrown, terminal } from '../errors.ts';
import { MASK, maskUrls } from '../plan/mask.ts';
import {
  findMoves,
  readSavedPlan,
  requireSameInstallation,
  savePlan,
  type SavedPlan,
} from '../plan/saved-plan.ts';
import type { PlanReport } from '../plan/types.ts';
import type { View } from '../reconcile/look.ts';
import type { Io } from './io.ts';
import type { OptionName } from './option-table.ts';
import { usageError, withEarlier, type Options } from './options.ts';
import { LOOK_OPTIONS, RESTRICTION_OPTIONS } from './verbs/common.ts';
import type { Wiring } from './wire.ts';

/** All that a plan hangs on; the other options of `apply` say how it is carried out. */
const PLANNING: readonly OptionName[] = [...LOOK_OPTIONS, ...RESTRICTION_OPTIONS];

/** Writes a file that only its owner may read: a plan tells what an installation looks like. */
export async function savePlanFile(path: string, plan: SavedPlan): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(plan, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw terminal({
      reason: 'PlanNotSaved',
      where: path,
      message: `The plan cannot be saved: ${formatThrown(thrown)}.`,
      remedy: 'Name a file in a directory that exists and is writable.',
      cause: thrown,
    });
  }
}

export async function readPlanFile(path: string): Promise<SavedPlan> {
  return readSavedPlan(await textOf(path), path);
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    throw terminal({
      reason: 'PlanUnreadable',
      where: path,
      message: `There is no saved plan to read: ${formatThrown(thrown)}.`,
      remedy: 'Name the file that scrapectl plan --out wrote. Documents are named with --source.',
      cause: thrown,
    });
  }
}

/** The plan of a look, and what it was made from. */
export async function describePlan(
  report: PlanReport,
  view: View,
  wiring: Wiring,
  options: Options,
  signal: AbortSignal,
): Promise<SavedPlan> {
  const { targets } = view.documents;
  return savePlan(report, {
    owner: options.string('owner') ?? '',
    ...(await installationOf(wiring, signal)),
    options: Object.fromEntries(
      PLANNING.flatMap((name) => {
        const given = options.given(name);
        return given === undefined ? [] : [[name, given.map(maskUrls)]];
      }),
    ),
    documents: Object.fromEntries(targets.map(({ metadata, specHash }) => [metadata.name, specHash])),
    baseConfig: hashOf(view.findings.baseConfig.text),
  });
}

async function installationOf(
  wiring: Wiring,
  signal: AbortSignal,
): Promise<Pick<SavedPlan, 'region' | 'account'>> {
  const aws = await wiring.aws();
  const [region, identity] = await Promise.all([aws.region(), aws.identity(signal)]);
  return { region, account: identity?.account ?? null };
}

/** The options that a plan was made with. Whoever gives one of them again must give the same. */
export function optionsOfPlan(saved: SavedPlan, given: Options, path: string): Options {
  const values = Object.fromEntries(PLANNING.flatMap((name) => earlierValue(name, saved, given, path)));
  return withEarlier(given, PLANNING, values, path);
}

function earlierValue(
  name: OptionName,
  saved: SavedPlan,
  options: Options,
  path: string,
): readonly (readonly [OptionName, readonly string[]])[] {
  const [given, before] = [options.given(name), saved.options[name]];
  if (given !== undefined && given.map(maskUrls).join() !== before?.join()) {
    const then = before === undefined ? 'without it' : `with ${before.join(', ')}`;
    throw usageError(
      `${path} was planned for another installation: --${name} is ${given.map(maskUrls).join(', ')} here, and the plan was made ${then}. Leave the option out, or make a new plan.`,
    );
  }
  if (given === undefined && before?.some((value) => value.includes(`://${MASK}@`)))
    throw usageError(`--${name} holds a password, which is never saved with a plan: give the option again.`);
  const values = given ?? before;
  return values === undefined ? [] : [[name, values]];
}

/** Throws when a plan was made in another account or region. */
export async function requireInstallation(
  saved: SavedPlan,
  wiring: Wiring,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  requireSameInstallation(saved, await installationOf(wiring, signal), path);
}

const MAX_MOVES = 20;

/** Throws, and tells what has moved, when the plan that would be made now is another one. */
export function requireUnmoved(saved: SavedPlan, now: SavedPlan, path: string, io: Io): void {
  const moves = findMoves(saved, now);
  if (moves.length === 0) return;
  for (const move of moves.slice(0, MAX_MOVES)) io.stderr.write(`moved  ${move}\n`);
  if (moves.length > MAX_MOVES) io.stderr.write(`moved  and ${moves.length - MAX_MOVES} more\n`);
  throw terminal({
    reason: 'PlanOutdated',
    where: path,
    message:
      'The world has moved since this plan was made: today it would be another one. Nothing was changed.',
    remedy: 'Make a new plan.',
  });
}
