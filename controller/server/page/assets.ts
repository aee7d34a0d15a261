import type { Route, Routes } from '../http.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><g fill="none" stroke="#0f766e" stroke-width="2"><circle cx="12" cy="12" r="10"/><circle cx="12" cy="12" r="5.5"/></g><circle cx="12" cy="12" r="2.2" fill="#0f766e"/></svg>`;

const asset =
  (contentType: string, body: string): Route =>
  () => ({ status: 200, contentType, body });

export const ASSETS: Routes = new Map([
  ['/page.css', asset('text/css; charset=utf-8', STYLE)],
  ['/page.js', asset('text/javascript; charset=utf-8', SCRIPT)],
  ['/page.svg', asset('image/svg+xml', ICON)],
]);
