import type { Endpoint, ScrapeTarget } from '../api/types.ts';
import { compareText, lastSegment } from '../state/keys.ts';
import type { ObservedService, ObservedTask, ObservedTaskDefinition } from '../state/observed.ts';
import { networkModeOf } from './address.ts';

type Labels = Readonly<Record<string, string>>;
type OptionalLabels = Readonly<Record<string, string | undefined>>;
type Tags = Readonly<Record<string, string>>;

/** What all targets of one ScrapeTarget share. */
export interface LabelContext {
  readonly target: ScrapeTarget;
  readonly service: ObservedService;
  /** Whether the registry that the document names exists. */
  readonly registered: boolean;
  readonly registryTags: Tags;
}

/**
 * Labels of one target, weakest first: tags, fixed labels of the document, and last what the operator
 * itself says, so that `cluster` means the cluster on every target and `endpoint` keeps two endpoints apart.
 */
export function targetLabels(
  context: LabelContext,
  endpoint: Endpoint,
  task: ObservedTask,
  definition: ObservedTaskDefinition | undefined,
  ip: string,
): Labels {
  const { target, service } = context;
  const tags = { ...context.registryTags, ...service.tags };
  return present({
    ...copiedTags(target.spec.targetLabels, tags),
    ...target.spec.labels,
    cluster: service.clusterName,
    service: service.name,
    taskdefinition: definition?.family ?? familyOf(task.taskDefinitionArn),
    taskid: task.id,
    namespace: context.registered ? target.spec.registry.namespace : undefined,
    job: jobLabel(target, tags),
    endpoint: endpoint.name,
    ...scrapeLabels(endpoint),
    ...metaLabels(service, task, definition, ip),
  });
}

/** Tags that the labels of this document need from the registry, because the ECS service does not have them. */
export function neededRegistryTags(target: ScrapeTarget, service: ObservedService): readonly string[] {
  const { targetLabels, jobLabel } = target.spec;
  return [...targetLabels, ...(jobLabel === undefined ? [] : [jobLabel])].filter(
    (key) => service.tags[key] === undefined,
  );
}

/** A tag key as Prometheus's own discovery turns it into a label name. */
export function toLabelName(key: string): string {
  const name = key.replace(/[^a-zA-Z0-9_]/g, '_');
  return /^[0-9]/.test(name) ? `_${name}` : name;
}

/** A tag can neither steer the scrape (`__…`) nor take the place of Prometheus's own `instance`. */
function copiedTags(keys: readonly string[], tags: Tags): OptionalLabels {
  const labels = keys.map((key) => [toLabelName(key), tags[key]] as const);
  return Object.fromEntries(labels.filter(([name]) => !name.startsWith('__') && name !== 'instance'));
}

function jobLabel(target: ScrapeTarget, tags: Tags): string {
  const key = target.spec.jobLabel;
  const value = key === undefined ? undefined : tags[key];
  return value === undefined || value === '' ? target.metadata.name : value;
}

/** What Prometheus reads from the target itself, so that a change needs no reload. */
function scrapeLabels(endpoint: Endpoint): OptionalLabels {
  const params = Object.entries(endpoint.params).filter(([name, values]) => isLabelParam(name, values));
  return {
    __metrics_path__: endpoint.path,
    __scheme__: endpoint.scheme,
    __scrape_interval__: endpoint.interval,
    __scrape_timeout__: endpoint.scrapeTimeout,
    ...Object.fromEntries(params.map(([name, values]) => [`__param_${name}`, values[0]])),
  };
}

/** A label carries one value that is not empty, under a legal label name; other parameters go into the job. */
export function isLabelParam(name: string, values: readonly string[]): boolean {
  return values.length === 1 && values[0] !== '' && /^[a-zA-Z0-9_]+$/.test(name);
}

/** The names of Prometheus's own ECS discovery, so that relabel rules move between the two unchanged. */
function metaLabels(
  service: ObservedService,
  task: ObservedTask,
  definition: ObservedTaskDefinition | undefined,
  ip: string,
): OptionalLabels {
  const meta: OptionalLabels = {
    cluster: service.clusterName,
    cluster_arn: service.clusterArn,
    service: service.name,
    service_arn: service.arn,
    service_status: service.status,
    task_group: task.group,
    task_arn: task.arn,
    task_definition: task.taskDefinitionArn,
    region: regionOf(task.arn),
    availability_zone: task.availabilityZone,
    subnet_id: task.subnetId,
    ip_address: ip,
    launch_type: task.launchType,
    desired_status: task.desiredStatus,
    last_status: task.lastStatus,
    health_status: task.healthStatus,
    platform_family: task.platformFamily,
    platform_version: task.platformVersion,
    network_mode: networkModeOf(task, definition),
    container_instance_arn: task.containerInstanceArn,
    ec2_instance_id: task.instance?.ec2InstanceId,
    ...Object.fromEntries(
      Object.entries(service.tags).map(([key, value]) => [`tag_service_${toLabelName(key)}`, value]),
    ),
  };
  return Object.fromEntries(Object.entries(meta).map(([name, value]) => [`__meta_ecs_${name}`, value]));
}

/** `arn:aws:ecs:eu-west-1:123456789012:task/cluster/id` names its region. */
function regionOf(arn: string): string | undefined {
  return arn.split(':')[3];
}

/** `arn:…:task-definition/web:3` names its family. */
function familyOf(taskDefinitionArn: string | undefined): string | undefined {
  return taskDefinitionArn === undefined ? undefined : lastSegment(taskDefinitionArn).split(':')[0];
}

/** An empty label is no label to Prometheus; sorted, so that the same labels give the same bytes. */
function present(labels: OptionalLabels): Labels {
  const entries = Object.entries(labels).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  );
  return Object.fromEntries(entries.sort(([a], [b]) => compareText(a, b)));
}
