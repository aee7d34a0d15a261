import {
  CreateServiceCommand,
  DeleteServiceCommand,
  GetOperationCommand,
  GetServiceCommand,
  ListInstancesCommand,
  ListNamespacesCommand,
  ListServicesCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-servicediscovery';
import type {
  CreateServiceCommandInput,
  DeleteServiceCommandInput,
  GetOperationCommandInput,
  GetServiceCommandInput,
  ListInstancesCommandInput,
  ListNamespacesCommandInput,
  ListServicesCommandInput,
  ListTagsForResourceCommandInput,
  TagResourceCommandInput,
  UntagResourceCommandInput,
  UpdateServiceCommandInput,
} from '@aws-sdk/client-servicediscovery';
import type { Budget, CallContext } from './budget.ts';
import type { AwsClients } from './clients.ts';

/** The Cloud Map calls that only read. */
export type CloudMapReadApi = ReturnType<typeof cloudMapReadApi>;
/** The Cloud Map calls that change something. */
export type CloudMapWriteApi = ReturnType<typeof cloudMapWriteApi>;

export function cloudMapReadApi(clients: AwsClients, budget: Budget) {
  const client = clients.cloudMap();
  return {
    listNamespaces: (input: ListNamespacesCommandInput, context: CallContext) =>
      budget.call('servicediscovery:ListNamespaces', context, (options) =>
        client.send(new ListNamespacesCommand(input), options),
      ),
    listServices: (input: ListServicesCommandInput, context: CallContext) =>
      budget.call('servicediscovery:ListServices', context, (options) =>
        client.send(new ListServicesCommand(input), options),
      ),
    getService: (input: GetServiceCommandInput, context: CallContext) =>
      budget.call('servicediscovery:GetService', context, (options) =>
        client.send(new GetServiceCommand(input), options),
      ),
    listTagsForResource: (input: ListTagsForResourceCommandInput, context: CallContext) =>
      budget.call('servicediscovery:ListTagsForResource', context, (options) =>
        client.send(new ListTagsForResourceCommand(input), options),
      ),
    listInstances: (input: ListInstancesCommandInput, context: CallContext) =>
      budget.call('servicediscovery:ListInstances', context, (options) =>
        client.send(new ListInstancesCommand(input), options),
      ),
    getOperation: (input: GetOperationCommandInput, context: CallContext) =>
      budget.call('servicediscovery:GetOperation', context, (options) =>
        client.send(new GetOperationCommand(input), options),
      ),
  };
}

export function cloudMapWriteApi(clients: AwsClients, budget: Budget) {
  const client = clients.cloudMap();
  return {
    createService: (input: CreateServiceCommandInput, context: CallContext) =>
      budget.call('servicediscovery:CreateService', context, (options) =>
        client.send(new CreateServiceCommand(input), options),
      ),
    updateService: (input: UpdateServiceCommandInput, context: CallContext) =>
      budget.call('servicediscovery:UpdateService', context, (options) =>
        client.send(new UpdateServiceCommand(input), options),
      ),
    deleteService: (input: DeleteServiceCommandInput, context: CallContext) =>
      budget.call('servicediscovery:DeleteService', context, (options) =>
        client.send(new DeleteServiceCommand(input), options),
      ),
    tagResource: (input: TagResourceCommandInput, context: CallContext) =>
      budget.call('servicediscovery:TagResource', context, (options) =>
        client.send(new TagResourceCommand(input), options),
      ),
    untagResource: (input: UntagResourceCommandInput, context: CallContext) =>
      budget.call('servicediscovery:UntagResource', context, (options) =>
        client.send(new UntagResourceCommand(input), options),
      ),
  };
}
