import { commandReference } from './commands.ts';
import { crdOf } from './crd.ts';
import { eventsReference } from './events.ts';
import { metricsReference } from './metrics.ts';
import { referenceOf } from './reference.ts';
import type { Schema } from './schema.ts';
import { typesOf } from './types.ts';
import { validatorOf } from './validator.ts';

/** Everything that is made from the schema, the verbs, the metrics and the events, by path in the repository. The same schema gives the same bytes. */
export async function generatedFiles(schema: Schema): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['controller/api/scrapetarget.gen.ts', await typesOf(schema)],
    ['controller/api/scrapetarget.validate.gen.ts', validatorOf(schema)],
    ['crds/scrapetargets.monitoring.ecs.yaml', crdOf(schema)],
    ['docs/reference/events.md', eventsReference()],
    ['docs/reference/scrapectl.md', await commandReference()],
    ['docs/reference/metrics.md', metricsReference()],
    ['docs/reference/scrapetarget.md', referenceOf(schema)],
  ]);
}
