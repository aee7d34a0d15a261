import { formatAge, type Since } from '../../status/age.ts';
import type { StoredTarget } from '../../status/stored-status.ts';
import { html, NOTHING, type Html } from './html.ts';
import {
  conditionBadge,
  nameLink,
  readyBadge,
  section,
  statusOf,
  table,
  toneOf,
  type Cell,
} from './parts.ts';

export interface Filter {
  readonly text: string;
  readonly open: boolean;
}

/** A page that nobody scrolls to its end; a filter finds the others. */
const MOST_ROWS = 500;

export function targetSection(targets: readonly StoredTarget[], filter: Filter, since: Since): Html {
  const wanted = targets.filter(
    (target) => target.name.includes(filter.text) && (!filter.open || toneOf(target) !== 'good'),
  );
  const shown = wanted.slice(0, MOST_ROWS);
  const left = wanted.length - shown.length;
  const rest =
    left === 0 ? NOTHING : html`<p>${left} more are not shown: filter by a part of their names.</p>`;
  const none = targets.length === 0 ? 'There are none.' : 'None of them is like that.';
  const body =
    shown.length === 0
      ? html`<p class="none">${none}</p>`
      : table(
          CAPTION,
          COLUMNS,
          shown.map((target) => row(target, since)),
        );
  return section('targets', 'ScrapeTargets', targets.length, html`${filterForm(filter)}${body}${rest}`);
}

const CAPTION = 'Every ScrapeTarget, sorted by name';

const COLUMNS = [
  { title: 'Name' },
  { title: 'Status' },
  { title: 'Targets', number: true },
  { title: 'Left out', number: true, wide: true },
  { title: 'Registry', wide: true },
  { title: 'Bound', wide: true },
  { title: 'Reloaded', wide: true },
  { title: 'Age', number: true, wide: true },
];

function row(target: StoredTarget, since: Since): readonly Cell[] {
  const { name, conditions, targets, firstSeen } = target;
  const { count, held, skipped } = targets;
  return [
    nameLink(name),
    readyBadge(target),
    held ? html`${count} <span class="held">held</span>` : count,
    skipped.length === 0 ? '–' : skipped.length,
    conditionBadge(statusOf(conditions, 'RegistrySynced')),
    conditionBadge(statusOf(conditions, 'ServiceBound')),
    conditionBadge(statusOf(conditions, 'Reloaded')),
    formatAge(since(firstSeen)),
  ];
}

function filterForm({ text, open }: Filter): Html {
  const checked = open ? html` checked` : NOTHING;
  return html`<form action="/" method="get" role="search">
    <label
      >Name
      <input type="search" name="name" value="${text}" maxlength="63" autocomplete="off" spellcheck="false"
    /></label>
    <label><input type="checkbox" name="show" value="open" ${checked} /> only those not ready</label>
    <button>Show</button>
  </form>`;
}
