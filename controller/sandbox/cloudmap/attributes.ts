import type { Json, Members } from '../members.ts';
import { members } from '../members.ts';
import { AwsFault } from '../service.ts';
import { ID_OR_ARN } from './lists.ts';
import type { Service } from './model.ts';
import { getService, namespaceOf, type Store } from './store.ts';

const MAX_ATTRIBUTES = 30;

const serviceOf = (store: Store, input: Members): Service =>
  getService(store, input.requiredText('ServiceId', ID_OR_ARN));

/** Attributes of the service itself: unlike tags they also work in shared namespaces. */
export function attributeOperations(store: Store) {
  return {
    GetServiceAttributes(json: Json) {
      const service = serviceOf(store, members(json, 'InvalidInput'));
      return {
        ServiceAttributes: {
          ServiceArn: service.arn,
          ResourceOwner: namespaceOf(store, service).owner,
          Attributes: Object.fromEntries(service.attributes),
        },
      };
    },

    UpdateServiceAttributes(json: Json) {
      const input = members(json, 'InvalidInput');
      const service = serviceOf(store, input);
      const added = input.requiredTextMap('Attributes', {
        key: { min: 1, max: 255 },
        value: { max: 1024 },
      });
      if (new Set([...service.attributes.keys(), ...added.keys()]).size > MAX_ATTRIBUTES)
        throw new AwsFault(
          'ServiceAttributesLimitExceededException',
          `The attribute can't be added: a service can have at most ${MAX_ATTRIBUTES} attributes.`,
        );
      for (const [key, value] of added) service.attributes.set(key, value);
      return {};
    },

    DeleteServiceAttributes(json: Json) {
      const input = members(json, 'InvalidInput');
      const service = serviceOf(store, input);
      for (const key of input.requiredTexts('Attributes', { min: 1 })) service.attributes.delete(key);
      return {};
    },
  };
}
