import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListClustersCommand,
  ListServicesCommand,
  ListTasksCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type {
  DescribeClustersCommandInput,
  DescribeServicesCommandInput,
  DescribeTaskDefinitionCommandInput,
  DescribeTasksCommandInput,
  ListClustersCommandInput,
  ListServicesCommandInput,
  ListTasksCommandInput,
  UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import type { Budget, CallContext } from './budget.ts';
import type { AwsClients } from './clients.ts';

/** The ECS calls that only read. */
export type EcsReadApi = ReturnType<typeof ecsReadApi>;
/** The ECS calls that change something. */
export type EcsWriteApi = ReturnType<typeof ecsWriteApi>;

export function ecsReadApi(clients: AwsClients, budget: Budget) {
  const client = clients.ecs();
  return {
    describeClusters: (input: DescribeClustersCommandInput, context: CallContext) =>
      budget.call('ecs:DescribeClusters', context, (options) =>
        client.send(new DescribeClustersCommand(input), options),
      ),
    describeServices: (input: DescribeServicesCommandInput, context: CallContext) =>
      budget.call('ecs:DescribeServices', context, (options) =>
        client.send(new DescribeServicesCommand(input), options),
      ),
    listClusters: (input: ListClustersCommandInput, context: CallContext) =>
      budget.call('ecs:ListClusters', context, (options) =>
        client.send(new ListClustersCommand(input), options),
      ),
    listServices: (input: ListServicesCommandInput, context: CallContext) =>
      budget.call('ecs:ListServices', context, (options) =>
        client.send(new ListServicesCommand(input), options),
      ),
    listTasks: (input: ListTasksCommandInput, context: CallContext) =>
      budget.call('ecs:ListTasks', context, (options) => client.send(new ListTasksCommand(input), options)),
    describeTasks: (input: DescribeTasksCommandInput, context: CallContext) =>
      budget.call('ecs:DescribeTasks', context, (options) =>
        client.send(new DescribeTasksCommand(input), options),
      ),
    describeTaskDefinition: (input: DescribeTaskDefinitionCommandInput, context: CallContext) =>
      budget.call('ecs:DescribeTaskDefinition', context, (options) =>
        client.send(new DescribeTaskDefinitionCommand(input), options),
      ),
  };
}

export function ecsWriteApi(clients: AwsClients, budget: Budget) {
  const client = clients.ecs();
  return {
    updateService: (input: UpdateServiceCommandInput, context: CallContext) =>
      budget.call('ecs:UpdateService', context, (options) =>
        client.send(new UpdateServiceCommand(input), options),
      ),
  };
}
