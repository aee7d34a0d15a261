#!/usr/bin/env node
import { createInterface } from 'node:readline/promises';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { run } from './run.ts';
import type { Io } from './io.ts';

const isMain =
  process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);

if (isMain) {
  const io = processIo();
  process.exitCode = await run(process.argv.slice(2), io);
}

/** The only place that touches the process. */
function processIo(): Io {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => stop.abort(new Error(`received ${name}`)));
  }
  // A reader that closes early (`| head`) is not an error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signal: stop.signal,
    confirm: process.stdin.isTTY && process.stderr.isTTY ? askOnTerminal(stop.signal) : undefined,
  };
}

function askOnTerminal(signal: AbortSignal): (question: string) => Promise<boolean> {
  return async (question) => {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `, { signal })).trim());
    } finally {
      terminal.close();
    }
  };
}
