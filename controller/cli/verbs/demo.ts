import { usageError } from '../options.ts';
import type { Verb } from './verb.ts';
export const demo: Verb = {
  name: 'demo',
  usage: '',
  summary: '',
  help: [],
  examples: [],
  exitCodes: [],
  options: [],
  usageExitCode: 1,
  run: async () => {
    throw usageError('x');
  },
};
