import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';

/** One tab of a headless Chromium, spoken to in the DevTools protocol. */
export interface Tab {
  /** Resolves when the page and all that it needs are loaded. */
  open(url: string): Promise<void>;
  /** The value of an expression, which may be a promise. */
  evaluate(expression: string): Promise<unknown>;
  look(view: View): Promise<void>;
  /** PNG of the whole page. */
  screenshot(): Promise<Buffer>;
  /** What the page complained about: errors, refusals of its policy. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export interface View {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
  readonly script?: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const field = (value: unknown, name: string): unknown => (isFields(value) ? value[name] : undefined);

interface Wire {
  send(method: string, params?: Fields, sessionId?: string): Promise<unknown>;
  /** The next event of that name. */
  next(event: string): Promise<unknown>;
}

/** Messages go over two pipes, each ended by a zero byte: no port is opened. */
function connect(
  input: Writable,
  output: Readable,
  onEvent: (method: string, params: unknown) => void,
): Wire {
  const calls = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const waiting: { readonly event: string; readonly resolve: (params: unknown) => void }[] = [];
  let count = 0;
  let rest = '';
  output.setEncoding('utf8').on('data', (text: string) => {
    const messages = (rest + text).split('\0');
    rest = messages.pop() ?? '';
    for (const message of messages) receive(JSON.parse(message));
  });

  function receive(message: unknown): void {
    const call = calls.get(Number(field(message, 'id')));
    const error = field(message, 'error');
    if (error !== undefined) call?.reject(new Error(String(field(error, 'message'))));
    else call?.resolve(field(message, 'result'));
    const method = field(message, 'method');
    if (typeof method !== 'string') return;
    const params = field(message, 'params');
    onEvent(method, params);
    for (const one of waiting.filter(({ event }) => event === method)) {
      waiting.splice(waiting.indexOf(one), 1);
      one.resolve(params);
    }
  }

  return {
    send(method, params = {}, sessionId) {
      count += 1;
      const id = count;
      input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
      return new Promise((resolve, reject) => {
        calls.set(id, { resolve, reject });
      });
    },
    next: (event) => new Promise((resolve) => void waiting.push({ event, resolve })),
  };
}

/** Starts the browser with a profile of its own, which goes when it is closed. */
export async function openTab(binary: string, env: NodeJS.ProcessEnv = process.env): Promise<Tab> {
  const profile = await mkdtemp(join(tmpdir(), 'chromium-'));
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'];
  const browser = spawn(binary, [...flags, `--user-data-dir=${profile}`, '--remote-debugging-pipe'], {
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => void browser.once('close', () => resolve()));
  const [, , , input, output] = browser.stdio;
  if (!(input instanceof Writable) || !(output instanceof Readable))
    throw new Error('Chromium has no pipes.');
  const complaints: string[] = [];
  const wire = connect(input, output, (method, params) => {
    if (method === 'Runtime.exceptionThrown' || method === 'Log.entryAdded')
      complaints.push(JSON.stringify(params));
  });
  const target = await wire.send('Target.createTarget', { url: 'about:blank' });
  const attached = await wire.send('Target.attachToTarget', {
    targetId: field(target, 'targetId'),
    flatten: true,
  });
  const sessionId = String(field(attached, 'sessionId'));
  const send = (method: string, params: Fields = {}): Promise<unknown> =>
    wire.send(method, params, sessionId);
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await send(`${domain}.enable`);

  return {
    complaints,
    async open(url) {
      const loaded = wire.next('Page.loadEventFired');
      await send('Page.navigate', { url });
      await loaded;
    },
    async evaluate(expression) {
      const answer = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
      const failure = field(answer, 'exceptionDetails');
      if (failure !== undefined) throw new Error(JSON.stringify(failure));
      return field(field(answer, 'result'), 'value');
    },
    async look({ width = 1280, scheme = 'light', script = true }) {
      const metrics = { width, height: 900, deviceScaleFactor: 1, mobile: width < 600 };
      await send('Emulation.setDeviceMetricsOverride', metrics);
      await send('Emulation.setEmulatedMedia', {
        features: [{ name: 'prefers-color-scheme', value: scheme }],
      });
      await send('Emulation.setScriptExecutionDisabled', { value: !script });
    },
    async screenshot() {
      const answer = await send('Page.captureScreenshot', { captureBeyondViewport: true });
      return Buffer.from(String(field(answer, 'data')), 'base64');
    },
    async close() {
      // The program on the PATH may be a script that waits for the browser, so it is the browser that must end.
      await wire.send('Browser.close');
      await exited;
      await rm(profile, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
