import { runDemo } from '../demo/demo.ts';
import type { Verb } from './verb.ts';

export const demo: Verb = {
  name: 'demo',
  usage: '[OPTION...]',
  help: [
    'Starts the sandbox with two unregistered ECS services, copies the example documents into --dir, plans and applies them, shows what came of it in AWS and in Prometheus, and goes on reconciling, so that an edit of a document can be watched on its way.',
    'Where a prometheus binary is found, the tasks of the sandbox really listen on loopback addresses and are really scraped.',
  ],
  examples: [
    'scrapectl demo',
    'scrapectl demo --once',
    'scrapectl demo --prometheus ~/prometheus/prometheus',
  ],
  exitCodes: [
    [0, 'stopped, or with --once: the first complete pass is done'],
    [1, 'something did not come to life'],
  ],
  options: ['once', 'prometheus', 'dir', 'no-color'],
  usageExitCode: 1,
  run: runDemo,
};
