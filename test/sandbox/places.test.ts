import assert from 'node:assert/strict';
import { changeAt, leadsTo, placesOf } from '../../controller/sandbox/effects/places.ts';
import { readXml, writeXml } from '../../controller/sandbox/effects/xml-answer.ts';

const ANSWER = { tasks: [{ name: 'a', tags: [{ name: 'b' }] }], name: 'c' };

const found = (pattern: string): string[] =>
  placesOf(ANSWER)
    .filter(({ place }) => leadsTo(pattern.split('.'), place))
    .map(({ place }) => place.join('.'));

describe('A place in an answer', () => {
  it('is found by its names from the root', () => assert.deepEqual(found('tasks.0.name'), ['tasks.0.name']));

  it('is found by * for one step and ** for any number', () => {
    assert.deepEqual(found('tasks.*.name'), ['tasks.0.name']);
    assert.deepEqual(found('**.name'), ['tasks.0.name', 'tasks.0.tags.0.name', 'name']);
    assert.deepEqual(found('tasks.**.name'), ['tasks.0.name', 'tasks.0.tags.0.name']);
    assert.equal(found('**').length, placesOf(ANSWER).length);
  });

  it('is not found by half of a name or of the way', () => {
    assert.deepEqual([...found('task'), ...found('tasks.nam'), ...found('0.name')], []);
  });

  it('changes alone: what stands beside it stays', () => {
    assert.deepEqual(
      changeAt(ANSWER, [['tasks', '0', 'name']], () => undefined),
      { tasks: [{ tags: [{ name: 'b' }] }], name: 'c' },
    );
    assert.deepEqual(
      changeAt(ANSWER, [], () => null),
      ANSWER,
    );
  });

  it('changes from the inside out, so that a place in a place changes too', () => {
    assert.deepEqual(
      changeAt({ a: { b: 1 } }, [['a', 'b'], ['a']], (value) => [value]),
      { a: [{ b: [1] }] },
    );
  });
});

describe('An XML answer', () => {
  const BODY =
    '<?xml version="1.0" encoding="UTF-8"?>\n<List xmlns="x"><Name>a &amp; b</Name><Item><Key>1</Key></Item><Item><Key>2</Key></Item><Empty></Empty></List>';

  it('is read as members, lists where elements repeat, and texts', () =>
    assert.deepEqual(readXml(BODY)?.content, {
      Name: 'a &amp; b',
      Item: [{ Key: '1' }, { Key: '2' }],
      Empty: '',
    }));

  it('is written as it was read', () => {
    const read = readXml(BODY);
    assert.ok(read !== undefined);
    assert.equal(writeXml(read), BODY);
  });

  it('is none without a root element', () => {
    assert.equal(readXml(''), undefined);
    assert.equal(readXml('<a>'), undefined);
  });
});
