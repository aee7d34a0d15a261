import { fileURLToPath } from 'node:url';
import { discoverTargets } from '../../controller/scrape/discover.ts';
import { DEFAULT_BASE_CONFIG, renderBundle } from '../../controller/scrape/render.ts';
import type { BaseConfig, RenderOutput } from '../../controller/scrape/render.ts';
import type { ScrapeTarget } from '../../controller/api/types.ts';
import type { Discovery } from '../../controller/state/targets.ts';
import {
  complete,
  definition,
  document,
  failed,
  hostTask,
  namespace,
  observed,
  scrapeTargets,
  service,
  task,
} from './scrape-world.ts';
import type { World } from './scrape-world.ts';

export const GOLDEN = fileURLToPath(new URL('../golden/', import.meta.url));

/** One bundle as it lies in `test/golden/<name>/`. */
export interface GoldenBundle {
  readonly name: string;
  readonly about: string;
  readonly base: BaseConfig;
  readonly output: RenderOutput;
  /** The oldest major version of Prometheus that must accept it; 2 is 2.42. */
  readonly since: 2 | 3;
  /** Names files of credentials that do not exist where the test runs. */
  readonly namesSecrets: boolean;
}

const FARGATE: World = {
  tasks: [task('2e1f'), task('1a2b', { ipv4: '10.0.0.2', availabilityZone: 'eu-west-1b' })],
};

const BRIDGE: World = {
  definition: complete(definition({ networkMode: 'bridge' })),
  tasks: [3, 1, 2].map((n) =>
    hostTask(`task-${n}`, '10.0.1.5', {
      networkBindings: [
        { containerName: 'app', containerPort: 3000, hostPort: 32768 + n, protocol: 'tcp' },
        { containerName: 'app', containerPort: 9102, hostPort: 33768 + n, protocol: 'tcp' },
      ],
    }),
  ),
};

const TWO_ENDPOINTS = `${document()}    - {name: admin, portNumber: 9102, path: /admin/metrics, interval: 5s}\n`;

const EVERYTHING = document(
  `  labels: {env: demo}
  targetLabels: [team]
  jobLabel: app
  sampleLimit: 10000
  targetLimit: 50
  labelLimit: 40
  labelNameLengthLimit: 100
  labelValueLengthLimit: 200
  bodySizeLimit: 50MB
  fallbackScrapeProtocol: PrometheusText0.0.4`,
  `portNumber: 3000
path: /probe
scheme: https
params: {module: [http_2xx], 'match[]': ['{job="a"}', '{job="b"}'], empty: ['']}
interval: 1m
scrapeTimeout: 30s
honorLabels: true
honorTimestamps: false
tlsConfig:
  caFile: /etc/prometheus/secrets/ca.pem
  certFile: /etc/prometheus/secrets/client.pem
  keyFile: /etc/prometheus/secrets/client.key
  serverName: webapp.internal
  insecureSkipVerify: false
  minVersion: TLS12
  maxVersion: TLS13
basicAuth: {username: 'yes', passwordFile: /etc/prometheus/secrets/password}
relabelings:
  - {sourceLabels: [__meta_ecs_availability_zone], targetLabel: zone}
  - {sourceLabels: [__address__], regex: '(.*):\\d+', targetLabel: host, replacement: '\${1}'}
  - {sourceLabels: [cluster, service], separator: '-', modulus: 8, targetLabel: __tmp_shard, action: hashmod}
metricRelabelings:
  - {sourceLabels: [__name__], regex: 'go_(gc|memstats)_.*', action: drop}
  - {regex: 'tmp_.*', action: labeldrop}`,
);

const AUTHORIZED = document(
  '',
  'portNumber: 3000\nauthorization: {credentialsFile: /etc/prometheus/secrets/token}',
);

const OWN_BASE: BaseConfig = {
  uri: 'base/prometheus.yml',
  text: `# Comments may go, meaning may not.
global:
  scrape_interval: 15s
  external_labels: {region: eu-west-1, account: "0123456789", on: yes, empty: , quoted: ''}
rule_files: []
scrape_configs:
- &self
  job_name: prometheus
  static_configs: [{targets: ["localhost:9090"]}]
- <<: *self
  job_name: 'prometheus-again'
  scrape_interval: 1h
  relabel_configs:
  - source_labels: [__address__]
    regex: (.+):\\d+
    replacement: \${1}
    target_label: host
remote_write: []
`,
};

function bundle(name: string, about: string, parts: BundleParts): GoldenBundle {
  const targets = scrapeTargets(...(parts.documents ?? [document()]));
  const base = parts.base ?? DEFAULT_BASE_CONFIG;
  const output = renderBundle({
    targets,
    discoveries: discoveriesOf(targets, parts.world ?? FARGATE),
    baseConfig: base,
    ...(parts.version === undefined ? {} : { prometheusVersion: parts.version }),
  });
  return { name, about, base, output, since: parts.since ?? 2, namesSecrets: parts.namesSecrets ?? false };
}

interface BundleParts {
  readonly documents?: readonly string[];
  readonly world?: World;
  readonly base?: BaseConfig;
  readonly version?: string;
  readonly since?: 3;
  readonly namesSecrets?: true;
}

function discoveriesOf(targets: readonly ScrapeTarget[], world: World): ReadonlyMap<string, Discovery> {
  return new Map(targets.map((target) => [target.metadata.name, discoverTargets(target, observed(world))]));
}

const TAGGED: World = {
  ...FARGATE,
  service: complete(service({ tags: { team: 'storefront', app: 'shop' } })),
  namespace: complete(namespace()),
};

export const GOLDEN_BUNDLES: readonly GoldenBundle[] = [
  bundle('fargate', 'two Fargate tasks and the built-in base configuration', {}),
  bundle('bridge', 'tasks with dynamic host ports and two endpoints, one with a short interval', {
    documents: [TWO_ENDPOINTS],
    world: BRIDGE,
  }),
  bundle('no-targets', 'a service that is gone', { world: { service: complete(undefined) } }),
  bundle('unread', 'a service that could not be read: its target file is not part of the bundle', {
    world: { service: failed() },
  }),
  bundle(
    'own-base',
    'a base configuration with jobs, anchors, merge keys and words that YAML readers differ about',
    {
      base: OWN_BASE,
    },
  ),
  bundle('everything', 'every field of an endpoint, for Prometheus 3', {
    documents: [EVERYTHING],
    world: TAGGED,
    version: '3.5.0',
    since: 3,
    namesSecrets: true,
  }),
  bundle('everything-2.42', 'the same for Prometheus 2.42', {
    documents: [EVERYTHING],
    world: TAGGED,
    version: '2.42.0+ds',
    namesSecrets: true,
  }),
  bundle('authorization', 'a token from a file', { documents: [AUTHORIZED], namesSecrets: true }),
];
