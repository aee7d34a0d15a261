/**
 * Looks again every few seconds and changes only what differs, so that nothing flickers, and a selection, the focus and
 * what somebody types stay. Without it the browser loads the page anew.
 */
export const SCRIPT = `'use strict';
const PERIOD = 5000;
const silence = document.getElementById('silence');

function morph(now, next) {
  if (now.nodeType !== next.nodeType || now.nodeName !== next.nodeName) {
    now.replaceWith(document.importNode(next, true));
    return;
  }
  if (now.nodeType !== Node.ELEMENT_NODE) {
    if (now.nodeValue !== next.nodeValue) now.nodeValue = next.nodeValue;
    return;
  }
  if (now.nodeName === 'FORM') return;
  for (const { name } of [...now.attributes]) if (!next.hasAttribute(name)) now.removeAttribute(name);
  for (const { name, value } of next.attributes) if (now.getAttribute(name) !== value) now.setAttribute(name, value);
  const [old, fresh] = [[...now.childNodes], [...next.childNodes]];
  fresh.forEach((child, index) => {
    if (index < old.length) morph(old[index], child);
    else now.append(document.importNode(child, true));
  });
  for (const child of old.slice(fresh.length)) child.remove();
}

async function look() {
  try {
    const response = await fetch(location.pathname + location.search, { cache: 'no-store' });
    if (!response.ok && response.status !== 404) throw new Error(response.statusText);
    const next = new DOMParser().parseFromString(await response.text(), 'text/html');
    for (const part of ['main', 'header']) {
      const [now, then] = [document.querySelector(part), next.querySelector(part)];
      if (now !== null && then !== null) morph(now, then);
    }
    document.title = next.title;
    silence.hidden = true;
  } catch {
    silence.hidden = false;
  }
}

let looking = false;
setInterval(() => {
  if (document.hidden || looking) return;
  looking = true;
  look().finally(() => {
    looking = false;
  });
}, PERIOD);
document.documentElement.dataset.refresh = 'script';
`;
