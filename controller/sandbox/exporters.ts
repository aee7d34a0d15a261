import { readFileSync } from 'node:fs';
import { cpus, freemem, hostname, loadavg, release, totalmem, type, uptime } from 'node:os';

/** Prometheus text exposition format: what the tasks of the sandbox serve. */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export interface ExporterTask {
  readonly id: string;
  /** Milliseconds since the epoch, on the sandbox's clock. */
  readonly startedAt: number;
  readonly now: number;
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

const labelText = (labels: Readonly<Record<string, string>>): string => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
};

function family(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => `${name}${labelText(labels)} ${value}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines].join('\n');
}

interface Route {
  readonly path: string;
  readonly method: string;
  readonly perSecond: number;
  readonly meanMilliseconds: number;
}

const ROUTES: readonly Route[] = [
  { path: '/', method: 'GET', perSecond: 2, meanMilliseconds: 62 },
  { path: '/popular/category', method: 'GET', perSecond: 1, meanMilliseconds: 88 },
  { path: '/checkout', method: 'POST', perSecond: 0.25, meanMilliseconds: 190 },
];
const BUCKETS = [50, 100, 250, 500] as const;

/** No two tasks are equally busy, and a task is as busy after a restart of the sandbox as before. */
const busyness = (taskId: string): number => 0.75 + (Number.parseInt(taskId.slice(0, 4), 16) / 0xffff) * 0.5;

const requests = (route: Route, task: ExporterTask): number =>
  Math.floor(((task.now - task.startedAt) / 1000) * route.perSecond * busyness(task.id));

/** Share of requests faster than a bound, for exponentially distributed durations. */
const shareBelow = (bound: number, mean: number): number => 1 - Math.exp(-bound / mean);

function histogram(route: Route, count: number): string[] {
  const name = 'request_duration_milliseconds';
  const labels = { method: route.method, path: route.path };
  const buckets = BUCKETS.map((bound) => {
    const below = Math.floor(count * shareBelow(bound, route.meanMilliseconds));
    return `${name}_bucket${labelText({ ...labels, le: String(bound) })} ${below}`;
  });
  return [
    ...buckets,
    `${name}_bucket${labelText({ ...labels, le: '+Inf' })} ${count}`,
    `${name}_sum${labelText(labels)} ${count * route.meanMilliseconds}`,
    `${name}_count${labelText(labels)} ${count}`,
  ];
}

/** A web shop: requests by route, a few of them failing, and how long they took. */
export function renderWebapp(task: ExporterTask): string {
  const totals = ROUTES.flatMap((route): Sample[] => {
    const { method, path } = route;
    const count = requests(route, task);
    const failed = Math.floor(count / 50);
    return [
      [{ method, path, status: '200' }, count - failed],
      [{ method, path, status: '500' }, failed],
    ];
  });
  const help = 'request_duration_milliseconds';
  return `${[
    family('http_requests_total', 'counter', 'Requests served.', totals),
    `# HELP ${help} Duration of requests in milliseconds.`,
    `# TYPE ${help} histogram`,
    ...ROUTES.flatMap((route) => histogram(route, requests(route, task))),
    family('process_start_time_seconds', 'gauge', 'Start time of the process since unix epoch in seconds.', [
      [{}, task.startedAt / 1000],
    ]),
  ].join('\n')}\n`;
}

function cpuSamples(): Sample[] {
  return cpus().flatMap(({ times }, cpu): Sample[] =>
    Object.entries({
      idle: times.idle,
      irq: times.irq,
      nice: times.nice,
      system: times.sys,
      user: times.user,
    }).map(([mode, milliseconds]) => [{ cpu: String(cpu), mode }, milliseconds / 1000]),
  );
}

/** The loopback device of `/proc/net/dev`, or nothing where there is no such file. */
function loopbackCounters(): readonly string[] {
  try {
    const [, counters = ''] = /^\s*lo:(.*)$/m.exec(readFileSync('/proc/net/dev', 'utf8')) ?? [];
    return counters.trim().split(/\s+/);
  } catch {
    return [];
  }
}

/** Loopback is the network of the sandbox, so its traffic is what goes over the interface of an instance. */
function networkSamples(column: number): Sample[] {
  const value = Number(loopbackCounters()[column]);
  return Number.isFinite(value) ? [[{ device: 'eth0' }, value]] : [];
}

const RECEIVED_BYTES = 0;
const TRANSMITTED_BYTES = 8;

/** Some series of node_exporter, with the values of the machine that the sandbox runs on. */
export function renderNodeExporter(task: ExporterTask): string {
  return `${[
    family('node_boot_time_seconds', 'gauge', 'Node boot time, in unixtime.', [
      [{}, task.now / 1000 - uptime()],
    ]),
    family('node_cpu_seconds_total', 'counter', 'Seconds the CPUs spent in each mode.', cpuSamples()),
    family('node_load1', 'gauge', '1m load average.', [[{}, loadavg()[0] ?? 0]]),
    family('node_memory_MemFree_bytes', 'gauge', 'Memory information field MemFree_bytes.', [
      [{}, freemem()],
    ]),
    family('node_memory_MemTotal_bytes', 'gauge', 'Memory information field MemTotal_bytes.', [
      [{}, totalmem()],
    ]),
    family(
      'node_network_receive_bytes_total',
      'counter',
      'Network device statistic receive_bytes.',
      networkSamples(RECEIVED_BYTES),
    ),
    family(
      'node_network_transmit_bytes_total',
      'counter',
      'Network device statistic transmit_bytes.',
      networkSamples(TRANSMITTED_BYTES),
    ),
    family('node_time_seconds', 'gauge', 'System time in seconds since epoch (1970).', [
      [{}, task.now / 1000],
    ]),
    family('node_uname_info', 'gauge', 'Labeled system information as provided by the uname system call.', [
      [{ nodename: hostname(), release: release(), sysname: type() }, 1],
    ]),
  ].join('\n')}\n`;
}
