import { styleText } from 'node:util';
import { dump } from 'js-yaml';
import { formatPlan } from '../plan/format-plan.ts';
import { PLAIN, type Palette } from '../plan/palette.ts';
import { planDocument } from '../plan/plan-json.ts';
import { formatPlanMarkdown } from '../plan/plan-markdown.ts';
import type { PlanReport } from '../plan/types.ts';
import { wantsColor, type Io } from './io.ts';
import type { Options } from './options.ts';

/** Structured output: the same object as JSON or YAML, never coloured. */
export function printData(io: Io, format: string, data: object): void {
  const plain: unknown = JSON.parse(JSON.stringify(data));
  io.stdout.write(
    format === 'yaml' ? dump(plain, { lineWidth: 120 }) : `${JSON.stringify(plain, null, 2)}\n`,
  );
}

/** `whole` says whether all was seen that the plan is about. */
export function printPlan(io: Io, options: Options, report: PlanReport, whole: boolean): void {
  const format = options.string('output') ?? 'text';
  const quiet = options.flag('quiet');
  if (format === 'markdown') io.stdout.write(formatPlanMarkdown(report, { quiet, whole }));
  else if (format === 'text')
    io.stdout.write(formatPlan(report, { palette: paletteFor(io, options), quiet, whole }));
  else printData(io, format, planDocument(report));
}

const COLORED: Palette = {
  create: color('green'),
  update: color('yellow'),
  delete: color('red'),
  disruptive: color('magenta'),
  adopt: color('cyan'),
  blocked: color('red'),
  heading: color('bold'),
  dim: color('dim'),
};

function color(format: Parameters<typeof styleText>[0]): (text: string) => string {
  return (text) => styleText(format, text, { validateStream: false });
}

export function paletteFor(io: Io, options: Options): Palette {
  return wantsColor(io, options.flag('no-color')) ? COLORED : PLAIN;
}
