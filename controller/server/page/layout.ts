import type { Reply } from '../http.ts';
import { html, type Html } from './html.ts';

export interface Frame {
  readonly title: string;
  readonly owner: string;
  /** Below the name: who this is, and since when it knows. */
  readonly line: Html;
  readonly body: Html;
}

/** Between two looks: by the script, or by the browser where it runs none. */
const REFRESH_SECONDS = 15;

export function page({ title, owner, line, body }: Frame, status = 200): Reply {
  const { markup } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="/page.svg" />
        <link rel="stylesheet" href="/page.css" />
        <noscript><meta http-equiv="refresh" content="${REFRESH_SECONDS}" /></noscript>
        <script src="/page.js" defer></script>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the status</a>
        <header>
          <p class="product">
            <svg aria-hidden="true" viewBox="0 0 24 24" width="28" height="28">
              <circle cx="12" cy="12" r="10" />
              <circle cx="12" cy="12" r="5.5" />
              <circle class="dot" cx="12" cy="12" r="2" />
            </svg>
            ecs-prometheus-operator
          </p>
          <p class="owner"><span>owner</span> ${owner}</p>
          <p class="line">${line}</p>
        </header>
        <p id="silence" class="note bad" role="status" hidden>
          The controller does not answer. This is how things were when it did.
        </p>
        <main id="main">${body}</main>
        <footer>
          <nav aria-label="For machines">
            <a href="/metrics">Metrics</a> <a href="/readyz?verbose">Readiness</a>
            <a href="/healthz?verbose">Health</a>
          </nav>
        </footer>
      </body>
    </html> `;
  return { status, contentType: 'text/html; charset=utf-8', body: markup, headers: HEADERS };
}

/** Nothing but our own style and script, nothing from elsewhere, and nobody may frame it. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
};
