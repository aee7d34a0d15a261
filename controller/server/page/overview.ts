import type { OperatorError } from '../../errors.ts';
import { formatAge, type Since } from '../../status/age.ts';
import type { Problem, StatusDocument, StoredTagged, StoredTarget } from '../../status/stored-status.ts';
import { html, NOTHING, type Html } from './html.ts';
import { badge, nameLink, plural, readyBadge, section, table, toneOf, type Tone } from './parts.ts';
import { targetSection, type Filter } from './target-list.ts';

/** Everything that the first page shows. */
export interface Overview {
  /** Undefined before the first pass. */
  readonly status: StatusDocument | undefined;
  /** Why the last pass came to no end; what is shown beside it is what the one before it found. */
  readonly failure: OperatorError | undefined;
  readonly rollouts: readonly PendingRollout[];
  /** The newest first. */
  readonly reloads: readonly Reload[];
  readonly filter: Filter;
}

export interface PendingRollout {
  readonly target: string;
  readonly subject: string;
  /** Tasks that ECS replaces. */
  readonly tasks: number;
  readonly why: string;
}

export interface Reload {
  /** RFC 3339. */
  readonly at: string;
  readonly tone: Tone;
  readonly word: string;
  readonly message: string;
}

export function overview({ status, failure, rollouts, reloads, filter }: Overview, since: Since): Html {
  const failed = failure === undefined ? NOTHING : failureSection(failure);
  if (status === undefined)
    return html`${failed}
      <section class="verdict wait">
        <h1>The first pass is not over yet.</h1>
        <p>Prometheus keeps what it has until then.</p>
      </section>`;
  const { scrapeTargets, problems, tagged } = status;
  return html`${verdict(scrapeTargets, failure)} ${tiles(status, rollouts, reloads, since)}
  ${failed}${problems.length === 0 ? NOTHING : problemSection(problems)}
  ${attentionSection(scrapeTargets, since)} ${rollouts.length === 0 ? NOTHING : rolloutSection(rollouts)}
  ${targetSection(scrapeTargets, filter, since)} ${tagged === undefined ? NOTHING : taggedSection(tagged)}
  ${reloads.length === 0 ? NOTHING : reloadSection(reloads, since)}`;
}

interface Counts {
  readonly good: number;
  readonly wait: number;
  readonly bad: number;
  readonly quiet: number;
}

function countTones(targets: readonly StoredTarget[]): Counts {
  const tones = targets.map(toneOf);
  const count = (tone: Tone): number => tones.filter((one) => one === tone).length;
  return { good: count('good'), wait: count('wait'), bad: count('bad'), quiet: count('quiet') };
}

function verdict(targets: readonly StoredTarget[], failure: OperatorError | undefined): Html {
  const counts = countTones(targets);
  const tone: Tone = counts.bad > 0 || failure !== undefined ? 'bad' : counts.wait > 0 ? 'wait' : 'good';
  return html`<section class="verdict ${tone}">
    <h1>${verdictText(targets.length, counts)}</h1>
    ${targets.length === 0 ? html`<p>Documents appear here as soon as a source holds one.</p>` : proportions(targets.length, counts)}
  </section>`;
}

function verdictText(all: number, { bad, wait, quiet }: Counts): string {
  if (all === 0) return 'There are no ScrapeTargets.';
  if (bad > 0) return `${bad} of ${plural(all, 'ScrapeTarget')} ${bad === 1 ? 'needs' : 'need'} attention.`;
  if (wait > 0) return `${wait} of ${plural(all, 'ScrapeTarget')} ${wait === 1 ? 'is' : 'are'} on the way.`;
  if (quiet > 0) return `Everything that is not suspended is ready.`;
  return all === 1
    ? 'The ScrapeTarget is ready.'
    : `All ${all.toLocaleString('en-GB')} ScrapeTargets are ready.`;
}

const LEGEND: readonly (readonly [Tone, string])[] = [
  ['good', 'ready'],
  ['wait', 'on the way'],
  ['bad', 'stalled'],
  ['quiet', 'suspended'],
];

/** A bar in the proportions of the list below it, which says the same in words. */
function proportions(all: number, counts: Counts): Html {
  let start = 0;
  const bars = LEGEND.map(([tone]) => {
    const width = (100 * counts[tone]) / all;
    const bar = html`<rect
      class="${tone}"
      x="${start.toFixed(3)}%"
      width="${width.toFixed(3)}%"
      height="100%"
    />`;
    start += width;
    return bar;
  });
  const words = LEGEND.filter(([tone]) => counts[tone] > 0).map(
    ([tone, word]) => html`<li>${badge(tone, `${counts[tone].toLocaleString('en-GB')} ${word}`)}</li>`,
  );
  return html`<svg class="bar" aria-hidden="true" width="100%" height="10">${bars}</svg>
    <ul class="legend">
      ${words}
    </ul>`;
}

function tiles(
  { scrapeTargets, tagged }: StatusDocument,
  rollouts: readonly PendingRollout[],
  reloads: readonly Reload[],
  since: Since,
): Html {
  const sum = (count: (target: StoredTarget) => number): number =>
    scrapeTargets.reduce((total, target) => total + count(target), 0);
  const scraped = sum(({ targets }) => targets.count) + (tagged?.count ?? 0);
  const skipped = sum(({ targets }) => targets.skipped.length) + (tagged?.skipped.length ?? 0);
  const held = scrapeTargets.filter(({ targets }) => targets.held).length;
  const [last] = reloads;
  return html`<dl class="tiles">
    ${tile('Targets scraped', scraped.toLocaleString('en-GB'), held === 0 ? 'as AWS has them' : `${plural(held, 'ScrapeTarget')} held as they were`)}
    ${tile('Not scraped', skipped.toLocaleString('en-GB'), skipped === 0 ? 'no task is left out' : 'each has its reason')}
    ${tile(
      'Waiting to roll tasks',
      rollouts.length.toLocaleString('en-GB'),
      rollouts.length === 0
        ? 'nothing disruptive is planned'
        : plural(
            rollouts.reduce((total, { tasks }) => total + tasks, 0),
            'task',
          ),
    )}
    ${tile('Last reload', last === undefined ? '–' : `${formatAge(since(last.at))} ago`, last === undefined ? 'none since the start' : last.word.toLowerCase())}
  </dl>`;
}

const tile = (name: string, value: string, note: string): Html =>
  html`<div>
    <dt>${name}</dt>
    <dd><strong>${value}</strong> <span>${note}</span></dd>
  </div>`;

function failureSection({ message, where, remedy, reason }: OperatorError): Html {
  return section(
    'failure',
    'The last pass failed',
    undefined,
    html`<p class="note bad">
        <code>${reason}</code> ${where === undefined ? '' : `${where}: `}${message} ${remedy ?? ''}
      </p>
      <p>Everything stays as it was, and the next pass tries again.</p>`,
  );
}

function problemSection(problems: readonly Problem[]): Html {
  const items = problems.map(
    ({ where, reason, message }) =>
      html`<li class="note bad">
        <code>${reason}</code> ${where === null ? NOTHING : html`<span class="where">${where}</span>`}
        ${message}
      </li>`,
  );
  return section(
    'problems',
    'Problems with the input',
    problems.length,
    html`<ul class="notes">
      ${items}
    </ul>`,
  );
}

/** More would not be read at once; the table below has them all. */
const MOST_ATTENTION = 20;

const URGENCY: Readonly<Record<Tone, number>> = { bad: 0, wait: 1, quiet: 2, good: 3 };

function attentionSection(targets: readonly StoredTarget[], since: Since): Html {
  const open = targets
    .filter((target) => toneOf(target) === 'bad' || toneOf(target) === 'wait')
    .toSorted((a, b) => URGENCY[toneOf(a)] - URGENCY[toneOf(b)]);
  if (open.length === 0) return NOTHING;
  const items = open.slice(0, MOST_ATTENTION).map((target) => attention(target, since));
  const rest = open.length - items.length;
  const more = rest === 0 ? NOTHING : html`<p><a href="/?show=open#targets">and ${rest} more</a></p>`;
  return section(
    'attention',
    'Not ready',
    open.length,
    html`<ul class="notes">
        ${items}
      </ul>
      ${more}`,
  );
}

function attention(target: StoredTarget, since: Since): Html {
  const reasons = target.conditions.filter(
    ({ type, status }) => status === 'False' && type !== 'Ready' && type !== 'Reconciling',
  );
  const shown = reasons.length > 0 ? reasons : target.conditions.filter(({ type }) => type === 'Ready');
  const [first] = shown;
  const told = shown.map(
    ({ type, reason, message }) => html`<p><code>${type} ${reason}</code> ${message}</p>`,
  );
  const age = first === undefined ? '' : `for ${formatAge(since(first.lastTransitionTime))}`;
  return html`<li class="note ${toneOf(target)}">
    <h3>${nameLink(target.name)} ${readyBadge(target)} <span class="age">${age}</span></h3>
    ${told}
  </li> `;
}

function rolloutSection(rollouts: readonly PendingRollout[]): Html {
  const rows = rollouts.map(({ target, subject, tasks, why }) => [nameLink(target), subject, tasks, why]);
  return section(
    'rollouts',
    'Waiting to roll tasks',
    rollouts.length,
    table(
      'Changes that make ECS replace running tasks, and what they wait for',
      [
        { title: 'ScrapeTarget' },
        { title: 'Change', wide: true },
        { title: 'Tasks', number: true },
        { title: 'Why it waits' },
      ],
      rows,
      'stack',
    ),
  );
}

function taggedSection({ registries, skipped, unread }: StoredTagged): Html {
  const rows = registries.map(({ namespace, name, count }) => [
    name === '' ? 'not known yet' : name,
    namespace,
    count,
  ]);
  const columns = [{ title: 'Registry' }, { title: 'Namespace' }, { title: 'Targets', number: true }];
  const notes = [
    ...unread.map((why) => html`<li class="note wait">${why}</li>`),
    ...skipped.map((why) => html`<li class="note quiet">Not scraped: ${why}</li>`),
  ];
  const found =
    rows.length === 0
      ? html`<p class="none">None was found.</p>`
      : table('Registries that are scraped as their tags ask', columns, rows);
  return section(
    'tagged',
    'Registries without a document',
    registries.length,
    html`${found}${
      notes.length === 0
        ? NOTHING
        : html`<ul class="notes">
            ${notes}
          </ul>`
    }`,
  );
}

function reloadSection(reloads: readonly Reload[], since: Since): Html {
  const rows = reloads.map(({ at, tone, word, message }) => [
    html`<time datetime="${at}">${formatAge(since(at))} ago</time>`,
    badge(tone, word),
    message,
  ]);
  const columns = [{ title: 'When' }, { title: 'Result' }, { title: 'What was written' }];
  return section('reloads', 'Last reloads', undefined, table('The newest first', columns, rows, 'stack'));
}
