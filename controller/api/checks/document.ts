import type { Fault } from '../faults.ts';
import type { ScrapeTargetDocument } from '../scrapetarget.gen.ts';
import type { CheckContext } from './context.ts';
import { checkEndpoints } from './endpoints.ts';
import { checkLabels } from './labels.ts';
import { checkRegistry, checkServiceRef } from './registry.ts';

/** Everything that the schema cannot say about one document. */
export function checkDocument({ spec }: ScrapeTargetDocument, context: CheckContext): Fault[] {
  return [
    ...checkServiceRef(spec.serviceRef),
    ...checkRegistry(spec.registry),
    ...checkEndpoints(spec.endpoints, context),
    ...checkLabels(spec),
  ];
}
