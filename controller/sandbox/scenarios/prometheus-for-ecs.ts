import type { Scenario } from './scenario.ts';

/** The scenario of the AWS sample that this project succeeds: two services, neither registered anywhere yet. */
export const prometheusForEcs: Scenario = {
  name: 'prometheus-for-ecs',
  namespaces: [{ name: 'ecs-services', type: 'DNS_PRIVATE' }],
  taskDefinitions: [
    {
      family: 'WebAppTask',
      networkMode: 'awsvpc',
      containers: [
        {
          name: 'webapp',
          image: 'public.ecr.aws/docker/library/prometheus-webapp:latest',
          ports: [{ containerPort: 3000, name: 'metrics' }],
          metrics: { profile: 'webapp', port: 3000 },
        },
      ],
    },
    {
      family: 'NodeExporterTask',
      networkMode: 'host',
      containers: [
        {
          name: 'node-exporter',
          image: 'quay.io/prometheus/node-exporter:latest',
          ports: [{ containerPort: 9100, hostPort: 9100, name: 'metrics' }],
          metrics: { profile: 'node-exporter', port: 9100 },
        },
      ],
    },
  ],
  clusters: [
    {
      name: 'ecs-prometheus-cluster',
      containerInstances: 2,
      services: [
        {
          name: 'WebAppService',
          taskDefinition: 'WebAppTask',
          launchType: 'FARGATE',
          desiredCount: 2,
          tags: { team: 'storefront' },
        },
        {
          name: 'NodeExporterService',
          taskDefinition: 'NodeExporterTask',
          schedulingStrategy: 'DAEMON',
          tags: { team: 'platform' },
        },
      ],
    },
  ],
};
