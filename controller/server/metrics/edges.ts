import { known, sample, toSeconds, type Definition, type Sample } from './definition.ts';

const byOperation = (counts: Readonly<Record<string, number>>): readonly Sample[] =>
  Object.entries(counts).map(([api, value]) => {
    const [service = '', operation = ''] = api.split(':');
    return sample(value, { service, operation });
  });

/** What the controller did at its edges: Prometheus, the sources, AWS. */
export const EDGE_METRICS: readonly Definition[] = [
  {
    name: 'reloads_total',
    type: 'counter',
    labels: [],
    help: 'Reloads that Prometheus was asked for.',
    samples: ({ state }) => [sample(state.reloads.tried)],
  },
  {
    name: 'reloads_failed_total',
    type: 'counter',
    labels: [],
    help: 'Reloads that Prometheus refused or did not confirm.',
    samples: ({ state }) => [sample(state.reloads.failed)],
  },
  {
    name: 'config_last_reload_successful',
    type: 'gauge',
    labels: [],
    help: '1 when Prometheus confirmed the newest configuration, 0 when it refused it or cannot be asked; absent before the first answer and without a Prometheus URL.',
    samples: ({ state: { reloads } }) =>
      known(reloads.lastSucceeded === undefined ? undefined : Number(reloads.lastSucceeded)),
  },
  {
    name: 'config_last_reload_success_timestamp_seconds',
    type: 'gauge',
    labels: [],
    help: 'When Prometheus last confirmed a reload, as Unix time; absent before the first one.',
    samples: ({ state }) => known(toSeconds(state.reloads.lastSuccess)),
  },
  {
    name: 'file_sd_writes_total',
    type: 'counter',
    labels: [],
    help: 'Target files written because their content changed.',
    samples: ({ state }) => [sample(state.fileSdWrites)],
  },
  {
    name: 'source_errors_total',
    type: 'counter',
    labels: ['source'],
    help: 'Reads of a document source that were not complete.',
    samples: ({ state }) => [...state.sources].map(([source, { errors }]) => sample(errors, { source })),
  },
  {
    name: 'source_last_success_timestamp_seconds',
    type: 'gauge',
    labels: ['source'],
    help: 'When a document source was last read whole, as Unix time; absent before the first time.',
    samples: ({ state }) =>
      [...state.sources].flatMap(([source, { lastSuccess }]) =>
        lastSuccess === undefined ? [] : [sample(lastSuccess / 1000, { source })],
      ),
  },
  {
    name: 'aws_api_requests_total',
    type: 'counter',
    labels: ['service', 'operation'],
    help: 'Requests sent to AWS, retries included.',
    samples: ({ awsCalls }) => byOperation(awsCalls.callsByApi()),
  },
  {
    name: 'aws_api_throttles_total',
    type: 'counter',
    labels: ['service', 'operation'],
    help: 'Requests that AWS throttled.',
    // From zero for every operation that was called, so that the first throttle is seen as an increase.
    samples: ({ awsCalls }) => {
      const never = Object.fromEntries(Object.keys(awsCalls.callsByApi()).map((api) => [api, 0]));
      return byOperation({ ...never, ...awsCalls.throttlesByApi() });
    },
  },
  {
    name: 'leader_election_master_status',
    shared: true,
    type: 'gauge',
    labels: ['name'],
    help: '1 for the controller that holds the lease and writes to AWS, 0 for the others of its owner; absent without --lease.',
    samples: ({ leads }) => {
      const leading = leads();
      return leading === undefined ? [] : [sample(Number(leading), { name: 'scrapectl' })];
    },
  },
  {
    name: 'build_info',
    type: 'gauge',
    labels: ['version', 'revision'],
    help: 'Always 1; the labels tell what is running.',
    samples: ({ version, revision }) => [sample(1, { version, revision })],
  },
];
