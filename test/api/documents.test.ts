import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { parseDocuments } from '../../controller/api/parse.ts';
import type { FieldError, ParseResult } from '../../controller/api/types.ts';
import { BAD_DOCUMENTS, type ExpectedError } from './bad-documents.ts';

const FOLDER = new URL('documents/', import.meta.url);

function parse(file: string): ParseResult {
  return parseDocuments([{ file, text: readFileSync(new URL(file, FOLDER), 'utf8') }]);
}

function namesOf(ending: string): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length));
}

function asExpected({ documentIndex, line, column, path, reason, message }: FieldError): ExpectedError {
  return [`${documentIndex}:${line}:${column}`, path, reason, message];
}

describe('good documents', () => {
  for (const name of namesOf('.good.yaml')) {
    it(`${name} is accepted`, () => {
      const { targets, errors } = parse(`${name}.good.yaml`);
      assert.deepEqual(errors, []);
      assert.notEqual(targets.length, 0);
    });
  }
});

describe('bad documents', () => {
  for (const name of namesOf('.bad.yaml')) {
    it(`${name} is refused with a message that helps`, () => {
      const { errors } = parse(`${name}.bad.yaml`);
      assert.deepEqual(errors.map(asExpected), BAD_DOCUMENTS[name]);
    });
  }

  it('have exactly one row in the table each', () => {
    assert.deepEqual(Object.keys(BAD_DOCUMENTS).sort(), namesOf('.bad.yaml').sort());
    assert.ok(namesOf('.bad.yaml').length >= 40);
  });

  it('never yield the document that has the error', () => {
    for (const name of namesOf('.bad.yaml')) {
      const { targets, errors } = parse(`${name}.bad.yaml`);
      const broken = new Set(errors.map((error) => error.documentIndex));
      assert.deepEqual(
        targets.filter((target) => broken.has(target.origin.documentIndex)),
        [],
        name,
      );
    }
  });
});
