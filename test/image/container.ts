import { execFile, spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import type { Image } from './build-image.ts';

const run = promisify(execFile);

/** A root that is this machine below the files of the image, and can be written nowhere but in what is mounted. */
const ENTER = `set -e
root=$1 user=$2 node=$3
shift 3
mount --bind "$root" "$root"
for name in usr bin sbin lib lib32 lib64 etc dev proc; do
  if [ -L "/$name" ]; then ln -sfn "$(readlink "/$name")" "$root/$name"
  elif [ -d "/$name" ]; then mkdir -p "$root/$name"; mount --rbind "/$name" "$root/$name"; fi
done
mkdir -p "$root$node"
mount --bind "$node" "$root$node"
while [ "$1" != -- ]; do
  mkdir -p "$root$2"; mount --bind "$1" "$root$2"; shift 2
done
shift
for name in usr etc; do mount -o remount,ro,bind "$root/$name"; done
mount -o remount,ro,bind "$root"
exec chroot --userspec="$user" --groups= "$root" "$@"`;

export interface Invocation {
  readonly env?: Readonly<Record<string, string>>;
  /** What is mounted, by the path that it has inside. */
  readonly mounts?: Readonly<Record<string, string>>;
}

/** Why this machine cannot do that; undefined where it can. */
export async function whyNoContainers(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'only Linux has the namespaces that a container is made of';
  if (process.getuid?.() !== 0) return 'only root may mount and change to another user';
  return run('unshare', ['--mount', 'mount', '--bind', '/usr', '/usr']).then(
    () => undefined,
    (error: Error) => `namespaces are not allowed here: ${error.message.trim()}`,
  );
}

/** Runs a command of the image as its user, on a read-only root, in a namespace of its own. */
export function start(
  image: Image,
  command: readonly string[],
  { env = {}, mounts = {} }: Invocation = {},
): ChildProcessByStdio<null, Readable, Readable> {
  const nodeDirectory = dirname(process.execPath);
  const places = Object.entries(mounts).flatMap(([inside, outside]) => [outside, inside]);
  const setup = ['--mount', 'sh', '-c', ENTER, 'sh', image.root, image.user, nodeDirectory, ...places, '--'];
  return spawn('unshare', [...setup, ...command], {
    env: { PATH: `${nodeDirectory}:/usr/bin:/bin:/usr/sbin:/sbin`, ...image.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

export function outcomeOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Outcome> {
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

/** Where a volume is mounted, the files that the image has there are copied into it. */
export async function newVolume(image: Image, path: string, directory: string): Promise<string> {
  await run('cp', ['-a', join(image.root, path), directory]);
  return directory;
}
