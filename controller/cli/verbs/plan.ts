import { openMemory } from '../../reconcile/controller.ts';
import { look } from '../../reconcile/look.ts';
import { hasChanges } from '../../plan/plan-json.ts';
import { printPlan } from '../output.ts';
import { createProgress } from '../progress.ts';
import { failedReads, isWhole, reportInput, reportUnread, requireSight } from '../sight.ts';
import { describePlan, savePlanFile } from '../plan-file.ts';
import { lookOptions } from '../settings.ts';
import { requiredBundle, wire, wireInventory, wireLook } from '../wire.ts';
import { LOOK_OPTIONS, RESTRICTION_OPTIONS } from './common.ts';
import type { Verb, VerbContext } from './verb.ts';

export const plan: Verb = {
  name: 'plan',
  usage: '--source URI [OPTION...]',
  help: [
    'Reads the documents and AWS and shows the changes that would make AWS match: + create, ~ update, - delete, <= adopt, and ! for a change that makes ECS replace tasks. With --config-dir it also shows how the Prometheus files in that directory would change.',
    'What documents that are gone have left behind is taken from the inventory that run and apply keep at --state. It makes no call that writes. The last line of the text output is stable, and the JSON output follows schemas/plan.v1.schema.json.',
    'With --out the plan is also saved in a file, together with the options that it was made with. scrapectl apply FILE then does exactly this, or, when something has moved since, nothing. The file holds no secrets.',
  ],
  examples: [
    'scrapectl plan --source targets/',
    'scrapectl plan --source targets/ --detailed-exitcode -o markdown > comment.md',
    'scrapectl plan --source targets/ --config-dir /etc/prometheus --out plan.json && scrapectl apply plan.json',
    'scrapectl plan --source s3://my-bucket/targets/ --config-dir /etc/prometheus',
  ],
  exitCodes: [
    [0, 'planned; with --detailed-exitcode: nothing would change, though something may be blocked or drift'],
    [1, 'an error: a document is invalid, or something could not be read'],
    [2, 'with --detailed-exitcode: something would change'],
  ],
  options: [
    ...LOOK_OPTIONS,
    ...RESTRICTION_OPTIONS,
    'out',
    'output',
    'quiet',
    'detailed-exitcode',
    'no-color',
  ],
  usageExitCode: 1,
  run: runPlan,
};

async function runPlan({ options, io }: VerbContext): Promise<number> {
  const progress = createProgress(io);
  const wiring = wire(options, io);
  const out = options.string('out');
  try {
    const ports = {
      ...(await wireLook(wiring, options, progress.report)),
      inventory: await wireInventory(wiring, options),
    };
    const bundle = out === undefined ? await wiring.bundle() : await requiredBundle(wiring);
    const settings = lookOptions(options, io);
    const { memory } = await openMemory(bundle?.store, settings, io.signal);
    const view = await look(ports, settings, memory, io.signal);
    requireSight(view);
    const files = (await bundle?.publisher.diff(view.inForce.output.bundle, io.signal)) ?? [];
    progress.done();
    const report = { plan: view.plan, files };
    printPlan(io, options, report, isWhole(view));
    reportUnread(view, io);
    const valid = reportInput(view, view.memory, io);
    if (!valid || failedReads(view).length > 0) {
      if (out !== undefined) io.stderr.write('error  The plan is not whole, so it was not saved.\n');
      return 1;
    }
    if (out !== undefined) {
      await savePlanFile(out, await describePlan(report, view, wiring, options, io.signal));
      io.stderr.write(`The plan is saved. To do exactly this: scrapectl apply ${out}\n`);
    }
    return options.flag('detailed-exitcode') && hasChanges(report) ? 2 : 0;
  } finally {
    progress.done();
    await wiring.close();
  }
}
