import type { Answers } from './answers.ts';
import { DIRECTORY } from './memory-files.ts';
import type { MemoryFiles } from './memory-files.ts';
import type { Possible } from './possible.ts';
import { addressesOf } from './prometheus.ts';
import { PLACES } from './world.ts';
import type { World } from './world.ts';

/** More than half of the targets of a controller with at least 10, at once: such a loss may be held for one pass. */
const MINIMUM = 10;
const SHARE = 0.5;

/** Tells whether what is late after a pass is so because the documented guard against mass loss may hold it. */
export interface Losses {
  passBegins(): void;
  /** After a pass; `wereMisled` where lies may have made the loss look larger than it is. */
  mayHold(wereMisled: boolean): boolean;
  forget(): void;
}

interface LossParts {
  readonly world: World;
  readonly files: () => MemoryFiles;
  readonly answers: Answers;
  readonly versionsOf: (name: string) => Possible;
}

export function createLosses({ world, files, answers, versionsOf }: LossParts): Losses {
  let targets: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  let before: ReadonlySet<string> = new Set();

  const lostOf = (service: string): readonly string[] => {
    const [version] = versionsOf(service);
    const ips = world.truth.now(service);
    return [...targets].flatMap(([file, addresses]) => {
      const [, name, endpoint = ''] = /^targets\/(.*)\.(.*)\.json$/.exec(file) ?? [];
      if (name !== service) return [];
      const port = version?.ports.get(endpoint);
      const isTrue = (address: string): boolean =>
        port !== undefined && address.endsWith(`:${port}`) && ips.has(address.split(':')[0] ?? '');
      return [...addresses].flatMap((address) => (isTrue(address) ? [] : [`${file} ${address}`]));
    });
  };
  const isTold = (service: string, cluster: string, namespace: string): boolean =>
    versionsOf(service)[0] === undefined ||
    answers.toldAbout(service, cluster, world.sandbox.cloudMap.idsOf(namespace));

  return {
    passBegins() {
      targets = targetsByFile(files());
    },
    mayHold(wereMisled) {
      const total = [...targets.values()].reduce((sum, { size }) => sum + size, 0);
      const lost = PLACES.flatMap(({ service }) => lostOf(service)).filter((each) => !before.has(each));
      const held = total >= MINIMUM && (wereMisled || lost.length > SHARE * total);
      const told = PLACES.filter(({ service, cluster, namespace }) => isTold(service, cluster, namespace));
      before = new Set(held ? told.flatMap(({ service }) => lostOf(service)) : []);
      return held;
    },
    forget() {
      before = new Set();
    },
  };
}

/** Also of files that no loaded job names: they are what a controller begins with. */
function targetsByFile(disk: MemoryFiles): ReadonlyMap<string, ReadonlySet<string>> {
  const directory = `${DIRECTORY}/`;
  return new Map(
    disk
      .list()
      .filter((path) => path.startsWith(`${directory}targets/`) && path.endsWith('.json'))
      .map((path) => [path.slice(directory.length), addressesOf(disk.read(path) ?? '') ?? new Set()]),
  );
}
