import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import fc from 'fast-check';
import { createAws } from '../../controller/aws/create-aws.ts';
import { instantClock } from '../support/fake-clock.ts';
import { never } from './support.ts';

const SCOPE = {
  services: [
    { cluster: 'prod', service: 'a' },
    { cluster: 'prod', service: 'b' },
  ],
  registries: [{ namespace: 'apps', name: 'a' }],
};

const SERVICE = {
  serviceArn: 'arn:aws:ecs:us-east-1:1:service/prod/a',
  clusterArn: 'arn:aws:ecs:us-east-1:1:cluster/prod',
  serviceName: 'a',
  status: 'ACTIVE',
  runningCount: 1,
  serviceRegistries: [],
  deployments: [],
};

describe('An endpoint that does not behave like AWS', () => {
  let server: Server;
  let answer: (target: string) => unknown;
  let calls: string[];
  before(async () => {
    server = createServer((request, response) => {
      const target = String(request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
      calls.push(target);
      const body = answer(target);
      request.resume();
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => {
    calls = [];
  });
  after(() => void server.close());

  const observe = async () => {
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    const aws = createAws({
      region: 'us-east-1',
      endpointUrl: `http://127.0.0.1:${address.port}`,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      clock: instantClock(),
    });
    try {
      return await aws.reader.observe(SCOPE, never());
    } finally {
      aws.close();
    }
  };

  it('never makes an observation throw, whatever JSON it answers', () =>
    fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.constantFrom('services', 'failures', 'taskArns', 'tasks', 'Namespaces', 'Services', 'nextToken'),
          fc.jsonValue(),
        ),
        async (body) => {
          answer = () => body;
          const observed = await observe();
          assert.equal(observed.services.size, 2);
          assert.equal(observed.tasks.size, 2);
          assert.equal(observed.namespaces.size, 1);
        },
      ),
      { numRuns: 60 },
    )).timeout(20_000);

  it('fails the reads when the answers are no JSON', async () => {
    answer = () => '<html>';
    const observed = await observe();
    for (const read of [...observed.services.values(), ...observed.namespaces.values()])
      assert.equal(read.kind, 'failed');
  });

  it('says nothing about a service that it leaves out, neither present nor missing', async () => {
    answer = () => ({ services: [] });
    const { services, tasks } = await observe();
    assert.equal(services.get('prod/a')?.kind, 'failed');
    assert.equal(tasks.get('prod/a')?.kind, 'failed');
  });

  it('gives no target to a service whose list filter it ignored', async () => {
    const task = (id: string, service: string) => ({
      taskArn: `arn:aws:ecs:us-east-1:1:task/prod/${id}`,
      group: `service:${service}`,
      lastStatus: 'RUNNING',
    });
    answer = (target) =>
      ({
        DescribeServices: {
          services: [
            SERVICE,
            { ...SERVICE, serviceName: 'b', serviceArn: SERVICE.serviceArn.replace(/a$/, 'b') },
          ],
        },
        ListTasks: { taskArns: [task('1', 'a').taskArn, task('2', 'b').taskArn] },
        DescribeTasks: { tasks: [task('1', 'a'), task('2', 'b')] },
      })[target] ?? {};
    const { tasks } = await observe();
    const ids = ['a', 'b'].map((name) => {
      const read = tasks.get(`prod/${name}`);
      return read?.kind === 'complete' ? read.value.tasks.map(({ id }) => id) : read?.error;
    });
    assert.deepEqual(ids, [['1'], ['2']]);
  });

  it('shows no registry of another namespace when it ignores the filter of ListServices', async () => {
    const namespace = (id: string, Name: string) => ({ Id: id, Arn: `arn:${id}`, Name, Type: 'DNS_PRIVATE' });
    const registry = (Id: string, Name: string) => ({ Id, Arn: `arn:${Id}`, Name });
    const homes: Record<string, string> = { 'srv-1': 'ns-1', 'srv-2': 'ns-2' };
    let asked = 0;
    answer = (target) => {
      if (target === 'ListNamespaces')
        return { Namespaces: [namespace('ns-1', 'apps'), namespace('ns-2', 'other')] };
      if (target === 'ListServices') return { Services: [registry('srv-1', 'mine'), registry('srv-2', 'a')] };
      if (target !== 'GetService') return {};
      asked += 1;
      const Id = asked === 1 ? 'srv-1' : 'srv-2';
      return { Service: { ...registry(Id, 'any'), NamespaceId: homes[Id] } };
    };
    const read = (await observe()).namespaces.get('apps');
    assert.ok(read?.kind === 'complete');
    assert.deepEqual([...(read.value?.registries.keys() ?? [])], ['mine']);
    assert.equal(calls.filter((call) => call === 'GetService').length, 2);
  });
});
