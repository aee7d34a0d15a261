import type { JsonService, SandboxContext } from '../service.ts';
import { labelOperations } from './labels.ts';
import { readOperations } from './read.ts';
import { createStore, latest, type ParameterType, type SsmOptions } from './store.ts';
import { tagOperations } from './tags.ts';
import { write, writeOperations } from './write.ts';

export type { SsmOptions } from './store.ts';

export interface Ssm {
  readonly service: JsonService;
  /** Creates or overwrites a parameter and returns its version. */
  putParameter(parameter: {
    readonly name: string;
    readonly value: string;
    readonly type?: ParameterType;
  }): number;
}

export function createSsm(context: SandboxContext, options: SsmOptions = {}): Ssm {
  const store = createStore(context, options);
  return {
    service: {
      protocol: 'json',
      name: 'ssm',
      targetPrefix: 'AmazonSSM',
      operations: {
        ...readOperations(store),
        ...writeOperations(store),
        ...labelOperations(store),
        ...tagOperations(store),
      },
    },
    putParameter({ name, value, type }) {
      const parameter = write(store, {
        name,
        value,
        type: type ?? store.parameters.get(name)?.type ?? 'String',
        tier: 'Intelligent-Tiering',
        dataType: undefined,
        keyId: undefined,
        description: undefined,
        allowedPattern: undefined,
        tags: new Map(),
      });
      return latest(parameter).version;
    },
  };
}
