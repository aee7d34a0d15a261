import { known, sample, toSeconds, type Definition, type MetricsView, type Sample } from './definition.ts';
import { CONTROLLERS, RESULTS, type PlanAction, type PlanKind, type Tally } from './state.ts';

const CONTROLLER = 'controller is `pass` for whole passes and `scrape_target` for each ScrapeTarget in them.';

const byController = ({ state }: MetricsView, value: (tally: Tally) => number): readonly Sample[] =>
  CONTROLLERS.map((controller) => sample(value(state.tallies[controller]), { controller }));

/** Every pair that a plan can hold: a zero says that there is none now. */
const PLAN_SERIES: readonly (readonly [PlanKind, PlanAction])[] = [
  ['namespace', 'blocked'],
  ['registry', 'create'],
  ['registry', 'adopt'],
  ['registry', 'update'],
  ['registry', 'delete'],
  ['registry', 'blocked'],
  ['service', 'update'],
  ['service', 'blocked'],
  ['other', 'blocked'],
];

export const PASS_METRICS: readonly Definition[] = [
  {
    name: 'reconcile_total',
    type: 'counter',
    labels: ['controller', 'result'],
    help: `Reconciliations by result: success, error, requeue (again at once) or requeue_after (soon again); ${CONTROLLER}`,
    samples: ({ state }) =>
      CONTROLLERS.flatMap((controller) =>
        RESULTS.map((result) => sample(state.tallies[controller].results[result], { controller, result })),
      ),
  },
  {
    name: 'reconcile_errors_total',
    type: 'counter',
    labels: ['controller'],
    help: `Reconciliations that ended in an error; ${CONTROLLER}`,
    samples: (view) => byController(view, ({ errors }) => errors),
  },
  {
    name: 'terminal_reconcile_errors_total',
    type: 'counter',
    labels: ['controller'],
    help: `Reconciliations that ended in an error which only a person can mend; ${CONTROLLER}`,
    samples: (view) => byController(view, ({ terminalErrors }) => terminalErrors),
  },
  {
    name: 'reconcile_interval_seconds',
    type: 'gauge',
    labels: [],
    help: 'Time between two passes that was asked for, before jitter.',
    samples: ({ intervalMs }) => known(toSeconds(intervalMs)),
  },
  {
    name: 'last_sync_timestamp_seconds',
    type: 'gauge',
    labels: [],
    help: 'When the last pass came to its end, as Unix time; absent before the first one.',
    samples: ({ state }) => known(toSeconds(state.lastSync)),
  },
  {
    name: 'no_op_runs_total',
    type: 'counter',
    labels: [],
    help: 'Passes that found nothing to change in AWS, in the files or in Prometheus.',
    samples: ({ state }) => [sample(state.noOpRuns)],
  },
  {
    name: 'plan_changes',
    type: 'gauge',
    labels: ['kind', 'action'],
    help: 'Changes to AWS in the plan of the last pass, by what they are about and what they do; those that must not or cannot be done have the action blocked.',
    samples: ({ state }) =>
      PLAN_SERIES.map(([kind, action]) =>
        sample(state.planChanges.get(kind)?.get(action) ?? 0, { kind, action }),
      ),
  },
];
