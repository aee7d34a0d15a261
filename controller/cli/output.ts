import { dump } from 'js-yaml';
import type { Io } from './io.ts';

/** Structured output: the same object as JSON or YAML, never coloured. */
export function printData(io: Io, format: string, data: object): void {
  io.stdout.write(format === 'yaml' ? dump(data, { lineWidth: 120 }) : `${JSON.stringify(data, null, 2)}\n`);
}
