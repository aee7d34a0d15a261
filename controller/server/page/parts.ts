import type { StoredTarget } from '../../status/stored-status.ts';
import type { Condition, ConditionType } from '../../status/types.ts';
import { html, NOTHING, type Html } from './html.ts';

/** How something is doing, as a person must take it. */
export type Tone = 'good' | 'wait' | 'bad' | 'quiet';

const GLYPHS: Readonly<Record<Tone, string>> = { good: '✓', wait: '◔', bad: '✕', quiet: '–' };

/** Never colour alone: a sign and a word say the same. */
export const badge = (tone: Tone, word: string): Html =>
  html`<span class="badge ${tone}"><span aria-hidden="true">${GLYPHS[tone]}</span> ${word}</span>`;

export function toneOf({ conditions, result }: StoredTarget): Tone {
  if (conditions.some(({ type, status }) => type === 'Suspended' && status === 'True')) return 'quiet';
  if (result.kind === 'done') return statusOf(conditions, 'Ready') === 'True' ? 'good' : 'wait';
  return result.kind === 'stalled' ? 'bad' : 'wait';
}

const WORDS: Readonly<Record<StoredTarget['result']['kind'], string>> = {
  done: 'Ready',
  requeueAfter: 'Waiting',
  retry: 'Retrying',
  stalled: 'Stalled',
};

export function readyBadge(target: StoredTarget): Html {
  const tone = toneOf(target);
  if (tone === 'quiet') return badge('quiet', 'Suspended');
  const word = WORDS[target.result.kind];
  return badge(tone, tone === 'wait' && word === 'Ready' ? 'Not ready' : word);
}

export function conditionBadge(status: Condition['status'], type?: ConditionType): Html {
  if (status === 'Unknown') return badge('quiet', 'Unknown');
  const bad = TROUBLE.has(type ?? 'Ready') === (status === 'True');
  return badge(bad ? 'bad' : 'good', status);
}

/** Conditions that are there only while something is not as it should be. */
const TROUBLE: ReadonlySet<ConditionType> = new Set(['Reconciling', 'Stalled', 'Drifted', 'Suspended']);

export const statusOf = (conditions: readonly Condition[], type: ConditionType): Condition['status'] =>
  conditions.find((condition) => condition.type === type)?.status ?? 'Unknown';

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;

/** A part of the page that is left out when it has nothing to say. */
export function section(id: string, title: string, count: number | undefined, body: Html): Html {
  const number =
    count === undefined ? NOTHING : html` <span class="count">${count.toLocaleString('en-GB')}</span>`;
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}${number}</h2>
    ${body}
  </section> `;
}

export interface Column {
  readonly title: string;
  /** Left out where there is little room. */
  readonly wide?: boolean;
  readonly number?: boolean;
}

export type Cell = Html | string | number;

/**
 * The first cell of a row names it. Where there is little room, the rows of a table that ends with sentences are stacked;
 * the roles say that it is a table all the same.
 */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  layout: 'grid' | 'stack' = 'grid',
): Html {
  const head = columns.map(
    (column) => html`<th scope="col" role="columnheader" class="${classOf(column)}">${column.title}</th>`,
  );
  const body = rows.map((cells) => {
    const filled = columns.map((column, index) =>
      index === 0
        ? html`<th scope="row" role="rowheader">${cells[index] ?? ''}</th>`
        : html`<td role="cell" class="${classOf(column)}">${cells[index] ?? ''}</td>`,
    );
    return html`<tr role="row">
      ${filled}
    </tr> `;
  });
  return html`<div class="scroll">
    <table role="table" class="${layout}">
      <caption>
        ${caption}
      </caption>
      <thead role="rowgroup">
        <tr role="row">
          ${head}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${body}
      </tbody>
    </table>
  </div>`;
}

const classOf = ({ wide, number }: Column): string =>
  [wide === true ? 'wide' : '', number === true ? 'number' : ''].join(' ').trim();

export const nameLink = (name: string): Html =>
  html`<a href="/status/${encodeURIComponent(name)}">${name}</a>`;
