import type { Palette } from '../../plan/palette.ts';
import type { PassReport } from '../../reconcile/pass.ts';
import type { View } from '../../reconcile/look.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { compareText, lastSegment } from '../../state/keys.ts';
import type { ObservedRegistry } from '../../state/observed.ts';
import { CONFIG_FILE } from '../../state/targets.ts';
import { formatStatus } from '../../status/format-status.ts';
import type { TargetStatus } from '../../status/types.ts';
import type { Io } from '../io.ts';
import type { DemoFiles } from './files.ts';
import type { ScrapedTarget } from './scraped.ts';

/** Tells the viewer what is seen on the stage; decides nothing. */
export type Narrator = ReturnType<typeof createNarrator>;

export function createNarrator(io: Io, palette: Palette) {
  const say = (...lines: readonly string[]): void => {
    io.stdout.write(`${lines.join('\n')}\n`);
  };
  let chapter = 0;
  const heading = (title: string): void => say('', palette.heading(`${++chapter}. ${title}`), '');

  return {
    opening(
      aws: Sandbox,
      files: DemoFiles,
      prometheusUrl: string | undefined,
      binary: string | undefined,
    ): void {
      heading('An AWS of our own');
      say(`The sandbox speaks the AWS protocols at ${aws.url}; nothing here touches a real account.`);
      if (aws.listeners.state.kind === 'unavailable') say(aws.listeners.state.reason);
      say(
        prometheusUrl === undefined
          ? 'No prometheus binary is on the PATH, so nothing is scraped; --prometheus PATH names one. The rest is shown.'
          : `Prometheus (${binary ?? ''}) runs at ${prometheusUrl} and has no scrape job yet.`,
      );
      say(`The documents are in ${files.documents}.`);
    },

    documents({ documents, findings: { observed } }: View): void {
      for (const { metadata, spec } of documents.targets) {
        const key = `${lastSegment(spec.serviceRef.cluster)}/${spec.serviceRef.service}`;
        const read = observed.services.get(key);
        const service = read?.kind === 'complete' ? read.value : undefined;
        const binding = service?.serviceRegistries.length === 0 ? 'not registered anywhere' : 'registered';
        say(
          `ECS service ${key}: ${service?.runningCount ?? 0} tasks, ${binding}; ScrapeTarget ${metadata.name} wants it scraped.`,
        );
      }
    },

    planHeading: () => heading('The plan: scrapectl plan'),

    applyHeading: () => heading('AWS follows the documents: scrapectl apply'),

    achieved(report: PassReport, statuses: readonly TargetStatus[], aws: Sandbox, files: DemoFiles): void {
      for (const { change, result } of report.outcomes) {
        const mark = result.kind === 'applied' ? palette.create('done') : palette.blocked(result.kind);
        say(`${mark}  ${change.kind} for ScrapeTarget ${change.target}`);
      }
      heading('What AWS holds now');
      for (const registry of registriesOf(report.view)) say(...describeRegistry(registry, aws));
      say('', ...describeBindings(report.view));
      heading('What Prometheus reads');
      say(`${files.config}/${CONFIG_FILE}:`, indent(report.view.inForce.output.bundle.config));
      for (const [path, file] of [...report.view.inForce.output.bundle.targetFiles].toSorted(([a], [b]) =>
        compareText(a, b),
      )) {
        if (file.kind === 'write') say(`${files.config}/${path}:`, indent(firstGroup(file.text)));
      }
      say(formatStatus(statuses).trimEnd());
    },

    countTargets: ({ view }: PassReport): number => addressesOf(view).length,

    scraped(targets: readonly ScrapedTarget[], wanted: number): void {
      heading('What Prometheus sees');
      for (const { job, instance, health, lastError } of targets.toSorted((a, b) =>
        compareText(a.job + a.instance, b.job + b.instance),
      )) {
        const mark = health === 'up' ? palette.create('up  ') : palette.blocked(health.padEnd(4));
        say(`${mark}  ${job}  ${instance}  ${lastError}`.trimEnd());
      }
      say(`${targets.filter(({ health }) => health === 'up').length} of ${wanted} targets are up.`);
    },

    invitation(files: DemoFiles, prometheusUrl: string | undefined): void {
      heading('Your turn: the controller goes on reconciling');
      say(
        `Edit ${files.documents}/webapp.yaml, for example change the label "env: demo" or the ttl, and watch it flow through.`,
        ...(prometheusUrl === undefined ? [] : [`Prometheus is at ${prometheusUrl}/targets.`]),
        'Ctrl-C ends the demo.',
        '',
      );
    },

    pass(
      { publication }: PassReport,
      before: readonly TargetStatus[],
      now: readonly TargetStatus[],
      files: DemoFiles,
    ): void {
      if (publication?.kind === 'published') {
        for (const path of publication.result.written) say(`      written ${files.config}/${path}`);
      }
      if (formatStatus(before) !== formatStatus(now)) say(formatStatus(now).trimEnd());
    },
  };
}

function registriesOf({ documents, findings: { observed } }: View): readonly ObservedRegistry[] {
  return documents.targets.flatMap(({ spec }) => {
    const read = observed.namespaces.get(spec.registry.namespace);
    const namespace = read?.kind === 'complete' ? read.value : undefined;
    return namespace?.registries.get(spec.registry.name) ?? [];
  });
}

function describeRegistry(registry: ObservedRegistry, aws: Sandbox): readonly string[] {
  const tags = registry.tags?.kind === 'complete' ? Object.entries(registry.tags.value) : [];
  const records = registry.dnsRecords.map(({ type, ttl }) => `${type} ttl ${ttl}`).join(', ');
  return [
    `registry ${registry.name} (${registry.id}, ${records})`,
    ...tags.toSorted(([a], [b]) => compareText(a, b)).map(([key, value]) => `  tag       ${key} = ${value}`),
    ...aws.cloudMap
      .listInstances(registry.id)
      .map(
        ({ id, attributes }) =>
          `  instance  ${id.slice(0, 8)}… ${attributes['AWS_INSTANCE_IPV4'] ?? ''}${attributes['AWS_INSTANCE_PORT'] === undefined ? '' : `:${attributes['AWS_INSTANCE_PORT']}`}`,
      ),
  ];
}

function describeBindings({ documents, findings: { observed } }: View): readonly string[] {
  return documents.targets.flatMap(({ spec }) => {
    const key = `${lastSegment(spec.serviceRef.cluster)}/${spec.serviceRef.service}`;
    const read = observed.services.get(key);
    const bindings = read?.kind === 'complete' ? (read.value?.serviceRegistries ?? []) : [];
    return bindings.map(({ registryArn }) => `service ${key} is bound to ${registryArn}`);
  });
}

function addressesOf({ findings: { discoveries } }: View): readonly string[] {
  return [...discoveries.values()].flatMap((found) =>
    found.kind === 'discovered' ? [...found.endpoints.values()].flat().flatMap(({ targets }) => targets) : [],
  );
}

/** A target file repeats itself: the first group shows the form. */
function firstGroup(text: string): string {
  const groups: unknown = JSON.parse(text);
  if (!Array.isArray(groups) || groups.length < 2) return text;
  return `${JSON.stringify(groups.slice(0, 1), null, 2)}\n… and ${groups.length - 1} more\n`;
}

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
