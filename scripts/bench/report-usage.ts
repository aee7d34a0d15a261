import { writeSync } from 'node:fs';
import { usage } from './usage.ts';

/** What a process that loaded this module with `--import` tells at its end, through file descriptor 3. */
export type ReportedUsage = ReturnType<typeof usage>;

process.once('exit', () => writeSync(3, JSON.stringify(usage())));
