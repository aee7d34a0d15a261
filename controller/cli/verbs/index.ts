import type { VerbEntry } from './verb.ts';

/** In the order in which a newcomer meets them. Only the one that is asked for is loaded. */
export const VERBS: readonly VerbEntry[] = [
  {
    name: 'validate',
    summary: 'check ScrapeTarget documents without asking AWS',
    load: async () => (await import('./validate.ts')).validate,
  },
  {
    name: 'plan',
    summary: 'show what apply would change in AWS and in the Prometheus files; changes nothing',
    load: async () => (await import('./plan.ts')).plan,
  },
  {
    name: 'apply',
    summary: 'make AWS and the Prometheus files match the documents, once',
    load: async () => (await import('./apply.ts')).apply,
  },
  {
    name: 'run',
    summary: 'the controller: keep AWS and Prometheus matching the documents until stopped',
    load: async () => (await import('./run.ts')).run,
  },
  {
    name: 'get',
    summary: 'how the ScrapeTargets are, as the controller told last; asks neither ECS nor Cloud Map',
    load: async () => (await import('./get.ts')).get,
  },
  {
    name: 'render',
    summary: 'print or write the Prometheus files; changes nothing in AWS',
    load: async () => (await import('./render.ts')).render,
  },
  {
    name: 'publish',
    summary: 'check a directory of documents and write what differs to S3 or the SSM Parameter Store',
    load: async () => (await import('./publish.ts')).publish,
  },
  {
    name: 'import',
    summary: 'write documents for registries and ECS services that exist already',
    load: async () => (await import('./import.ts')).importVerb,
  },
  {
    name: 'iam',
    summary: 'print the least IAM policy for plan, apply or run with the same options',
    load: async () => (await import('./iam.ts')).iam,
  },
  {
    name: 'demo',
    summary: 'the whole way on an embedded AWS, with a real Prometheus where one is installed',
    load: async () => (await import('./demo.ts')).demo,
  },
  {
    name: 'sandbox',
    summary: 'an embedded AWS on loopback, for trying things with scrapectl, the AWS CLI or an SDK',
    load: async () => (await import('./sandbox.ts')).sandbox,
  },
];
