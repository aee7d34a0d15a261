import { faultSchema } from './fault-schema.ts';
import { flatObject as object, list, oneOf, text } from './schema-parts.ts';

/** JSON Schema of a scenario file; the types are in `scenario.ts`. */

const flag = { type: 'boolean' } as const;
const port = { type: 'integer', minimum: 0, maximum: 65_535 } as const;
const count = { type: 'integer', minimum: 0 } as const;
const tags = { type: 'object', additionalProperties: { type: 'string' } } as const;

const container = object(['name'], {
  name: text,
  image: text,
  ports: list(
    object(['containerPort'], {
      containerPort: port,
      hostPort: port,
      name: text,
      protocol: oneOf('tcp', 'udp'),
    }),
  ),
  healthCheck: flag,
  metrics: object(['profile', 'port'], { profile: oneOf('webapp', 'node-exporter'), port, path: text }),
});

const service = object(['name', 'taskDefinition'], {
  name: text,
  taskDefinition: text,
  launchType: oneOf('EC2', 'FARGATE', 'EXTERNAL'),
  schedulingStrategy: oneOf('REPLICA', 'DAEMON'),
  desiredCount: count,
  registry: object(['namespace', 'name'], {
    namespace: text,
    name: text,
    containerName: text,
    containerPort: port,
  }),
  circuitBreaker: object(['enable', 'rollback'], { enable: flag, rollback: flag }),
  deploymentController: oneOf('ECS', 'CODE_DEPLOY', 'EXTERNAL'),
  resourceManagementType: oneOf('CUSTOMER', 'ECS'),
  deploymentStrategy: oneOf('ROLLING', 'BLUE_GREEN', 'LINEAR', 'CANARY'),
  tags,
});

export const scenarioSchema = object(['name'], {
  name: text,
  namespaces: list(
    object(['name'], { name: text, type: oneOf('DNS_PRIVATE', 'DNS_PUBLIC', 'HTTP'), shared: flag }),
  ),
  registries: list(
    object(['namespace', 'name'], {
      namespace: text,
      name: text,
      recordType: oneOf('A', 'AAAA', 'SRV', 'NONE'),
      ttl: count,
      customHealth: flag,
      tags,
    }),
  ),
  taskDefinitions: list(
    object(['family', 'containers'], {
      family: text,
      networkMode: oneOf('awsvpc', 'bridge', 'host', 'none'),
      containers: { ...list(container), minItems: 1 },
      tags,
    }),
  ),
  clusters: list(
    object(['name'], {
      name: text,
      tags,
      containerInstances: count,
      externalInstances: count,
      services: list(service),
    }),
  ),
  faults: list(faultSchema),
});
