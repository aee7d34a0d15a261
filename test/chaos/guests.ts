import { createAws } from '../../controller/aws/create-aws.ts';
import { createMemoryStore } from '../../controller/prometheus/memory-store.ts';
import { openMemory } from '../../controller/reconcile/controller.ts';
import { look } from '../../controller/reconcile/look.ts';
import { applyPass } from '../../controller/reconcile/pass.ts';
import type { DocumentSource } from '../../controller/reconcile/ports.ts';
import { LOOK, MAX_ROLLOUTS, OWNER, PATIENCE_MS } from './controller.ts';
import { documentText } from './documents.ts';
import type { DocumentVersion } from './documents.ts';
import { DIRECTORY } from './memory-files.ts';
import type { Turnstile } from './turnstile.ts';
import { NEIGHBOURS } from './world.ts';
import type { World } from './world.ts';

/** The owner of another installation in the same namespaces; the name of ours begins it. */
export const NEIGHBOUR = 'prod-eu';

/** Somebody who runs `scrapectl apply` once: beside our controller, or for another installation. */
export interface Guest {
  readonly caller: string;
  readonly owner: typeof OWNER | typeof NEIGHBOUR;
  readonly ended: () => boolean;
  close(): void;
}

export interface GuestParts {
  readonly world: World;
  readonly turnstile: Turnstile;
  readonly random: () => number;
  readonly number: number;
  readonly owner: Guest['owner'];
  /** Documents of the other installation. */
  readonly documents: readonly DocumentVersion[];
  readonly log: (message: string) => void;
}

export function startGuest(parts: GuestParts): Guest {
  const { world, turnstile, owner } = parts;
  const caller = `guest-${parts.number}`;
  const aws = createAws({
    clock: turnstile.clock,
    region: world.sandbox.region,
    endpointUrl: world.sandbox.url,
    credentials: { accessKeyId: caller, secretAccessKey: 'chaos' },
    patienceMs: PATIENCE_MS,
  });
  const { signal } = new AbortController();
  const sources = [owner === OWNER ? world.library.source(turnstile, aws, false) : ofNeighbour(parts)];
  const ports = {
    sources,
    baseConfig: undefined,
    reader: aws.reader,
    writer: aws.writer(owner),
    publisher: undefined,
    checker: undefined,
    published: undefined,
    prometheusVersion: async () => undefined,
    clock: turnstile.clock,
    progress: () => undefined,
  };
  const options = {
    ...LOOK,
    owner,
    maxRollouts: MAX_ROLLOUTS,
    rollout: { pollMs: 5000, timeoutMs: 600_000 },
    random: parts.random,
  };
  const apply = async (): Promise<void> => {
    const store = owner === OWNER ? createMemoryStore(DIRECTORY) : undefined;
    const { memory } = await openMemory(store, {}, signal);
    const planned = await look(ports, options, memory, signal);
    if (planned.documents.incomplete.length > 0 || planned.documents.errors.length > 0) return;
    const { outcomes } = await applyPass(planned, ports, options, signal);
    for (const { change, result } of outcomes)
      parts.log(`${change.kind} of ${change.target}: ${result.kind}`);
  };
  let ended = false;
  apply()
    .catch((thrown: unknown) => parts.log(`ended: ${String(thrown)}`))
    .finally(() => {
      ended = true;
    });
  return { caller, owner, ended: () => ended, close: () => aws.close() };
}

function ofNeighbour({ turnstile, documents }: GuestParts): DocumentSource {
  const uri = 'chaos:neighbours';
  return {
    uri,
    read: () =>
      turnstile.enter('read documents of the neighbours', async () => ({
        kind: 'complete',
        uri,
        files: documents.map((version) => ({ file: `${version.name}.yaml`, text: documentText(version) })),
      })),
  };
}

/** The other installation has services of its own, and may claim one of ours. */
export function neighbourDocuments(number: number, claims: readonly DocumentVersion[]): DocumentVersion[] {
  const own = NEIGHBOURS.map(({ service, cluster, namespace }): DocumentVersion => ({
    name: service,
    number,
    kind: 'valid',
    cluster,
    namespace,
    ports: new Map([['metrics', 8080]]),
    ttl: 10,
    suspended: false,
    deletes: false,
  }));
  return [...own, ...claims.map((version) => ({ ...version, ports: new Map([['metrics', 7070]]) }))];
}
