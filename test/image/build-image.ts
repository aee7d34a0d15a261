import { execFile } from 'node:child_process';
import { chmod, chown, cp, mkdir, readFile, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { parseDockerfile, parseExec, parsePairs } from './dockerfile.ts';
import type { Instruction, Stage } from './dockerfile.ts';

const run = promisify(execFile);

export interface Image {
  /** Its file tree, without that of its base image. */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly user: string;
  readonly volumes: readonly string[];
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
}

export interface BuildOptions {
  /** Where the Dockerfile and what it copies are. */
  readonly context: string;
  /** An empty directory for the stages. */
  readonly directory: string;
  /** Puts the files of a base image that are copied out of it into a directory. Others are what this machine has. */
  readonly bases: (image: string, root: string) => Promise<void>;
  /** Environment of RUN. */
  readonly env: Readonly<Record<string, string>>;
}

interface Build extends BuildOptions {
  readonly allowed: ReadonlySet<string>;
  readonly roots: Map<string, string>;
}

interface State extends Image {
  readonly workdir: string;
}

/** Does what a Dockerfile says, with this machine in place of the base images: the last stage. */
export async function buildImage(options: BuildOptions): Promise<Image> {
  const stages = parseDockerfile(await readFile(join(options.context, 'Dockerfile'), 'utf8'));
  const ignore = await readFile(join(options.context, '.dockerignore'), 'utf8');
  const build = { ...options, allowed: allowedBy(ignore), roots: new Map<string, string>() };
  let image: Image | undefined;
  for (const [index, stage] of stages.entries()) image = await buildStage(build, stage, String(index));
  if (image === undefined) throw new Error('The Dockerfile has no stage.');
  return image;
}

/** A list of exceptions to "nothing": the only form in which what is forgotten stays out. */
function allowedBy(ignore: string): ReadonlySet<string> {
  const [first, ...rest] = ignore.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  if (first !== '*' || rest.some((line) => !line.startsWith('!')))
    throw new Error('.dockerignore must begin with * and go on with exceptions.');
  return new Set(rest.map((line) => line.slice(1)));
}

async function buildStage(build: Build, { base, name, instructions }: Stage, index: string): Promise<Image> {
  const root = join(build.directory, index);
  await mkdir(root, { recursive: true });
  await build.bases(base, root);
  build.roots.set(name ?? index, root);
  let state: State = {
    root,
    env: {},
    labels: {},
    user: 'root',
    volumes: [],
    entrypoint: [],
    command: [],
    healthCheck: [],
    workdir: '/',
  };
  for (const instruction of instructions) state = { ...state, ...(await follow(build, state, instruction)) };
  return state;
}

async function follow(build: Build, state: State, instruction: Instruction): Promise<Partial<State>> {
  const { keyword, rest } = instruction;
  switch (keyword) {
    case 'WORKDIR':
      await mkdir(join(state.root, rest), { recursive: true });
      return { workdir: rest };
    case 'COPY':
      await copy(build, state, instruction);
      return {};
    case 'RUN':
      await run('sh', ['-ec', rest], {
        cwd: join(state.root, state.workdir),
        env: { ...state.env, ...build.env },
      });
      return {};
    case 'ENV':
      return { env: { ...state.env, ...Object.fromEntries(parsePairs(rest)) } };
    case 'LABEL':
      return { labels: { ...state.labels, ...Object.fromEntries(parsePairs(rest)) } };
    case 'USER':
      return { user: rest };
    case 'VOLUME':
      return { volumes: parseExec(rest) };
    case 'HEALTHCHECK':
      return { healthCheck: parseExec(rest.slice(rest.indexOf('[')).trim()) };
    case 'ENTRYPOINT':
      return { entrypoint: parseExec(rest) };
    case 'CMD':
      return { command: parseExec(rest) };
    case 'ARG':
    case 'EXPOSE':
      return {};
    default:
      throw new Error(`The test does not know the instruction ${keyword}.`);
  }
}

async function copy(build: Build, { root, workdir }: State, { rest, flags }: Instruction): Promise<void> {
  const words = rest.split(/\s+/);
  const destination = words.at(-1) ?? '';
  const from = flags.get('from');
  const source = from === undefined ? build.context : build.roots.get(from);
  if (source === undefined) throw new Error(`COPY --from=${from}: there is no such stage.`);
  for (const word of words.slice(0, -1)) {
    if (from === undefined && !build.allowed.has(word))
      throw new Error(`COPY ${word}: .dockerignore leaves it out.`);
    const path = join(source, word);
    const isDirectory = (await stat(path)).isDirectory();
    const parent = destination.startsWith('/') ? root : join(root, workdir);
    const target = join(parent, destination, isDirectory || !destination.endsWith('/') ? '' : basename(word));
    await cp(path, target, { recursive: true, verbatimSymlinks: true });
    const owner = flags.get('chown');
    if (owner !== undefined) await chownTree(target, owner);
  }
}

/** Only root may give files away. */
async function chownTree(path: string, owner: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const [user, group] = owner.split(':').map(Number);
  if (user === undefined || group === undefined || Number.isNaN(user + group))
    throw new Error(`--chown=${owner} must be two numbers: the image has no names.`);
  await chown(path, user, group);
  await chmod(path, 0o755);
  for (const name of await readdir(path)) await chownTree(join(path, name), owner);
}
