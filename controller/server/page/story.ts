import type { Since } from '../../status/age.ts';
import { formatAge } from '../../status/age.ts';
import { advice, targetFacts } from '../../status/format-target.ts';
import type { StatusDocument, StoredTarget } from '../../status/stored-status.ts';
import { html, NOTHING, type Html } from './html.ts';
import { badge, conditionBadge, readyBadge, section, table, toneOf } from './parts.ts';

/** The whole story of one ScrapeTarget, in the words of `scrapectl get NAME`. */
export function story(target: StoredTarget, document: StatusDocument, since: Since): Html {
  const { name, targets } = target;
  const facts = targetFacts(target, document, since)
    .filter(([title]) => title !== 'Name' && title !== 'Owner' && title !== 'Last pass')
    .map(
      ([title, text]) =>
        html`<div>
          <dt>${title}</dt>
          <dd>${text}</dd>
        </div>`,
    );
  const steps = advice(target, since).map((text) => html`<li>${text}</li>`);
  return html`<nav aria-label="Breadcrumb"><a href="/">All ScrapeTargets</a></nav>
    <section class="verdict ${toneOf(target)}">
      <h1>${name} ${readyBadge(target)}</h1>
      <ul class="advice">
        ${steps}
      </ul>
    </section>
    ${section('facts', 'What it is', undefined, html`<dl class="facts">${facts}</dl>`)}
    ${section('conditions', 'Conditions', undefined, conditionTable(target, since))}
    ${section('tasks', 'Targets', targets.count, html`${targets.held ? html`<p class="note wait">Held as Prometheus has them: nothing newer is known.</p>` : NOTHING}${tasks(target)}`)}
    <p><a href="/targets/${encodeURIComponent(name)}">As Prometheus gets them over HTTP</a></p>`;
}

function conditionTable({ name, conditions }: StoredTarget, since: Since): Html {
  const rows = conditions.map(({ type, status, reason, message, lastTransitionTime }) => [
    type,
    conditionBadge(status, type),
    formatAge(since(lastTransitionTime)),
    html`<code>${reason}</code> ${message}`,
  ]);
  return table(`Conditions of ${name}`, CONDITION_COLUMNS, rows, 'stack');
}

const CONDITION_COLUMNS = [
  { title: 'Type' },
  { title: 'Status' },
  { title: 'Since', number: true, wide: true },
  { title: 'Why' },
];

function tasks({ name, targets: { scraped, skipped } }: StoredTarget): Html {
  if (scraped.length + skipped.length === 0) return html`<p class="none">There are none.</p>`;
  const rows = [
    ...skipped.map(({ taskId, reason }) => [
      html`<code>${taskId}</code>`,
      badge('wait', 'Not scraped'),
      reason,
    ]),
    ...scraped.map(({ taskId, endpoint, address }) => [
      html`<code>${taskId ?? 'not known'}</code>`,
      badge('good', 'Scraped'),
      html`<code>${address}</code> ${endpoint}`,
    ]),
  ];
  const columns = [{ title: 'Task' }, { title: 'Scraped' }, { title: 'Address, or why not' }];
  return table(`Tasks of ${name}`, columns, rows, 'stack');
}
