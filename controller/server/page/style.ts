/** Light and dark as the system wants it; no font, picture or colour from elsewhere. */
export const STYLE = `:root {
  color-scheme: light dark;
  --ground: #f6f7f9;
  --paper: #ffffff;
  --ink: #16202b;
  --soft: #536173;
  --line: #dfe4ea;
  --link: #0b5cad;
  --accent: #0f766e;
  --good: #12703f;
  --good-wash: #e3f5ea;
  --good-bar: #2f9e62;
  --wait: #8a5200;
  --wait-wash: #fdf1dc;
  --wait-bar: #e0a030;
  --bad: #b3261e;
  --bad-wash: #fdeae8;
  --bad-bar: #d6483e;
  --quiet: #536173;
  --quiet-wash: #eceff3;
  --quiet-bar: #aab4c0;
  --shadow: 0 1px 2px rgb(16 32 48 / 6%), 0 4px 16px rgb(16 32 48 / 5%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0e1319;
    --paper: #161d26;
    --ink: #e7ecf2;
    --soft: #9aa8b8;
    --line: #293441;
    --link: #79b8ff;
    --accent: #3fc9bb;
    --good: #6fdc9f;
    --good-wash: #12311f;
    --good-bar: #37a566;
    --wait: #f3c063;
    --wait-wash: #352810;
    --wait-bar: #c98f2b;
    --bad: #ff9a92;
    --bad-wash: #3c1a19;
    --bad-bar: #d9544b;
    --quiet: #9aa8b8;
    --quiet-wash: #232d38;
    --quiet-bar: #566473;
    --shadow: none;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto;
  max-width: 76rem;
  padding: 0 1.25rem 3rem;
  background: var(--ground);
  color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
  overflow-wrap: anywhere;
}
h1, h2, h3, p, dl, dd, ul { margin: 0; padding: 0; }
ul { list-style: none; }
a { color: var(--link); text-underline-offset: .2em; text-decoration: underline 1px color-mix(in srgb, currentcolor 45%, transparent); }
a:hover { text-decoration-color: currentcolor; }
a:focus-visible, button:focus-visible, input:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code { font: .875em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .5rem 1rem; z-index: 1; }

header { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .9rem; padding: 1.4rem 0 1.1rem; }
.product { display: flex; align-items: center; gap: .6rem; font-weight: 650; font-size: 1.1rem; letter-spacing: -.01em; }
.product svg { fill: none; stroke: var(--accent); stroke-width: 2; flex: none; }
.product .dot { fill: var(--accent); stroke: none; }
.owner { border: 1px solid var(--line); border-radius: 99px; padding: .05rem .75rem; background: var(--paper); font-weight: 600; font-size: .9rem; }
.owner span { color: var(--soft); font-weight: 400; }
.line { color: var(--soft); font-size: .9rem; margin-left: auto; }

.verdict { background: var(--paper); border: 1px solid var(--line); border-left: 6px solid var(--tone); border-radius: 12px; padding: 1.4rem 1.6rem 1.25rem; box-shadow: var(--shadow); }
.verdict h1 { font-size: clamp(1.4rem, 1.1rem + 1.6vw, 2rem); line-height: 1.2; font-weight: 680; letter-spacing: -.02em; text-wrap: balance; }
.verdict h1 .badge { font-size: .85rem; letter-spacing: 0; vertical-align: .3em; }
.verdict p { color: var(--soft); margin-top: .4rem; }
.good { --tone: var(--good-bar); --word: var(--good); --wash: var(--good-wash); }
.wait { --tone: var(--wait-bar); --word: var(--wait); --wash: var(--wait-wash); }
.bad { --tone: var(--bad-bar); --word: var(--bad); --wash: var(--bad-wash); }
.quiet { --tone: var(--quiet-bar); --word: var(--quiet); --wash: var(--quiet-wash); }
.bar { display: block; margin: 1.1rem 0 .8rem; border-radius: 5px; background: var(--quiet-wash); overflow: hidden; }
.bar rect { fill: var(--tone); }
.legend { display: flex; flex-wrap: wrap; gap: .4rem; }
.advice { margin-top: .5rem; color: var(--soft); }
.advice li + li { margin-top: .3rem; }

.badge { display: inline-block; padding: .05em .6em; border-radius: 99px; background: var(--wash); color: var(--word); font-size: .85rem; font-weight: 600; white-space: nowrap; }

.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(12.5rem, 1fr)); gap: .9rem; margin: .9rem 0 0; }
.tiles div { background: var(--paper); border: 1px solid var(--line); border-radius: 12px; padding: .9rem 1.15rem; box-shadow: var(--shadow); }
.tiles dt { color: var(--soft); font-size: .85rem; }
.tiles strong { display: block; font-size: 1.6rem; line-height: 1.25; font-weight: 680; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.tiles span { color: var(--soft); font-size: .85rem; }

section + section, dl + section, nav + section { margin-top: 2rem; }
main > nav { margin-bottom: .9rem; font-size: .95rem; }
main > nav + section { margin-top: 0; }
main > nav a::before { content: "\\2190\\00a0"; }
main > p { margin-top: 1rem; font-size: .95rem; }
h2 { font-size: 1.15rem; font-weight: 660; letter-spacing: -.01em; margin-bottom: .7rem; }
.count { color: var(--soft); font-weight: 400; font-variant-numeric: tabular-nums; margin-left: .15rem; }

.note { background: var(--paper); border: 1px solid var(--line); border-left: 4px solid var(--tone); border-radius: 8px; padding: .7rem 1rem; }
.notes .note + .note { margin-top: .5rem; }
.note h3 { font-size: 1rem; font-weight: 620; }
.note .age { color: var(--soft); font-weight: 400; font-size: .9rem; }
.note p { margin-top: .25rem; }
.note code { color: var(--word); font-weight: 600; margin-right: .3rem; }
.where { color: var(--soft); }
.note.bad + p { color: var(--soft); margin-top: .4rem; }
.scroll + .notes { margin-top: .6rem; }
#silence { margin-bottom: .9rem; }

.scroll { overflow-x: auto; background: var(--paper); border: 1px solid var(--line); border-radius: 12px; box-shadow: var(--shadow); }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { padding: .5rem 1rem; text-align: left; vertical-align: baseline; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--soft); font-size: .82rem; font-weight: 600; white-space: nowrap; background: var(--ground); }
th, td { overflow-wrap: break-word; }
table code { overflow-wrap: anywhere; }
tbody th { font-weight: 560; }
td .badge.good { background: none; padding: 0; font-weight: 500; }
tbody tr:hover { background: color-mix(in srgb, var(--ground) 60%, transparent); }
.number { text-align: right; white-space: nowrap; }
.held { color: var(--wait); font-size: .85rem; }
.none { color: var(--soft); }
td code { color: var(--soft); }

form { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.1rem; margin-bottom: .8rem; font-size: .95rem; }
input[type="search"] { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: .35rem .7rem; width: 14rem; max-width: 100%; margin-left: .3rem; }
input[type="checkbox"] { accent-color: var(--accent); }
button { font: inherit; font-weight: 600; color: var(--link); background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: .35rem 1rem; cursor: pointer; }

.facts { display: grid; gap: 0; background: var(--paper); border: 1px solid var(--line); border-radius: 12px; box-shadow: var(--shadow); }
.facts div { display: grid; grid-template-columns: 9rem 1fr; gap: 1rem; padding: .5rem 1rem; }
.facts div + div { border-top: 1px solid var(--line); }
.facts dt { color: var(--soft); }

footer { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: .9rem; }
footer a { margin-right: 1.1rem; }

@media (max-width: 46rem) {
  body { padding: 0 .8rem 2rem; }
  header { padding: 1rem 0 .9rem; }
  .line { margin-left: 0; width: 100%; }
  .verdict { padding: 1.1rem 1.1rem 1rem; }
  .tiles { grid-template-columns: 1fr 1fr; gap: .6rem; }
  .tiles div { padding: .7rem .85rem; }
  .tiles strong { font-size: 1.35rem; }
  th, td { padding: .5rem .7rem; }
  .wide { display: none; }
  .grid th, .grid td { padding: .5rem .6rem; }
  .grid tbody th { overflow-wrap: anywhere; }
  .stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .stack, .stack tbody { display: block; }
  .stack tr { display: flex; flex-wrap: wrap; align-items: baseline; gap: .1rem .8rem; padding: .55rem .8rem; border-top: 1px solid var(--line); }
  .stack tbody tr:first-child { border-top: 0; }
  .stack th, .stack td { padding: 0; border: 0; }
  .stack td.wide { display: none; }
  .stack td:last-child { flex-basis: 100%; }
  .stack td.number::after { content: " tasks"; }
  .facts div { grid-template-columns: 1fr; gap: 0; }
}
@media (prefers-reduced-motion: no-preference) {
  .bar rect { transition: x .4s, width .4s; }
}
@media print {
  form, footer, .skip { display: none; }
}
`;
