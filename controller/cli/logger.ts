import type { LogFields, Logger } from '../reconcile/ports.ts';
import type { OutputStream } from './io.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof LEVELS)[number];

/** Constant message, values as fields. `text` is for people, `json` for log collectors; one line per record. */
export function createLogger(options: {
  readonly stream: OutputStream;
  readonly level: string;
  readonly format: string;
  readonly now: () => Date;
}): Logger {
  const threshold = LEVELS.findIndex((level) => level === options.level);
  const format = options.format === 'json' ? formatJson : formatText;
  const log =
    (level: Level) =>
    (message: string, fields: LogFields = {}): void => {
      if (LEVELS.indexOf(level) < threshold) return;
      options.stream.write(`${format(options.now().toISOString(), level, message, fields)}\n`);
    };
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}

function formatJson(time: string, level: Level, message: string, fields: LogFields): string {
  return JSON.stringify({ time, level, msg: message, ...fields });
}

function formatText(time: string, level: Level, message: string, fields: LogFields): string {
  const pairs = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${formatValue(value)}`);
  return [time, level.toUpperCase().padEnd(5), message, ...pairs].join(' ');
}

function formatValue(value: LogFields[string]): string {
  const text = Array.isArray(value) ? value.join(',') : String(value);
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}
