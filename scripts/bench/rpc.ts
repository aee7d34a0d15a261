import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a process of the bench answers to. Both ends are typed by the same alias. */
export type Methods = Readonly<Record<string, (argument: number) => unknown>>;

export type Answered<M extends Methods, K extends keyof M> = Awaited<ReturnType<M[K]>>;

export interface Peer<M extends Methods> {
  ask<K extends keyof M & string>(method: K, argument?: number): Promise<Answered<M, K>>;
  stop(): Promise<void>;
}

type Answer = { readonly value: unknown } | { readonly error: string };

/** Answers the questions of the process that started this one. */
export function serve(methods: Methods): void {
  process.on('message', ({ method, argument }: { method: string; argument: number }) => {
    void answer(methods, method, argument).then((told) => process.send?.(told));
  });
  process.on('disconnect', () => process.exit());
}

async function answer(methods: Methods, method: string, argument: number): Promise<Answer> {
  try {
    return { value: await methods[method]?.(argument) };
  } catch (thrown) {
    return { error: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) };
  }
}

/** Starts a module in a process of its own. One question at a time. */
export function start<M extends Methods>(
  module: URL,
  settings: object,
  nodeOptions: readonly string[] = [],
): Peer<M> {
  const child = fork(fileURLToPath(module), [JSON.stringify(settings)], { execArgv: [...nodeOptions] });
  let settle = (_answer: Answer): void => {};
  child.on('message', (message) => settle(message as Answer));
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code) => {
      settle({ error: `${module.pathname} ended with code ${code}` });
      resolve();
    });
  });
  return {
    async ask<K extends keyof M & string>(method: K, argument = 0): Promise<Answered<M, K>> {
      const told = await new Promise<Answer>((resolve) => {
        settle = resolve;
        child.send({ method, argument }, (failure) => {
          if (failure !== null) resolve({ error: failure.message });
        });
      });
      if ('error' in told) throw new Error(`${method}: ${told.error}`);
      return told.value as Answered<M, K>;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

/** The settings that {@link start} passed to this process. */
export function settings(): unknown {
  return JSON.parse(process.argv[2] ?? '{}');
}
