import { readFile, readdir } from 'node:fs/promises';

import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { z } from 'zod';

import type { Json, JsonObject } from '../kernel/json.js';
import { policyKinds } from '../policies/list.js';
import { stageKinds } from '../stages/list.js';
import { blueprintSchema } from './json-schema.js';

const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(
  blueprintSchema(stageKinds, policyKinds),
);

const withEntry = (...entries: readonly JsonObject[]): JsonObject => ({ stagedoor: 1, name: 'a', entries });

function isValid(document: Json): boolean {
  return validate(document);
}

const SHIPPED = new URL('../../blueprints/', import.meta.url);

async function shipped(): Promise<string[]> {
  const files = await readdir(SHIPPED, { recursive: true });
  return files.filter((file) => file.endsWith('.yaml'));
}

describe('the JSON Schema of documents', () => {
  test('takes every document that is shipped', async () => {
    const files = await shipped();
    expect(files.length).toBeGreaterThan(20);
    for (const file of files) {
      const document: unknown = parse(await readFile(new URL(file, SHIPPED), 'utf8'));
      validate(document);
      expect({ file, errors: validate.errors }).toEqual({ file, errors: null });
    }
  });

  test('takes the document that is shown in docs/blueprints.md', async () => {
    const text = await readFile(new URL('../../docs/blueprints.md', import.meta.url), 'utf8');
    const [, shown = ''] = /```yaml\n(.*?)```/s.exec(text) ?? [];
    validate(parse(shown));
    expect(validate.errors).toBeNull();
  });

  test('tells of an entry only what is wrong with what it is', () => {
    validate(withEntry({ flow: 'a', titel: 'A' }));
    const told = validate.errors?.filter(({ keyword }) => keyword !== 'if');
    expect(told).toEqual([
      expect.objectContaining({ keyword: 'additionalProperties', params: { additionalProperty: 'titel' } }),
    ]);
  });

  test('takes what every kind has as its examples', () => {
    for (const { name, config } of policyKinds) {
      const { examples = [] } = config.meta() ?? {};
      for (const example of Array.isArray(examples) ? examples : []) {
        validate(withEntry({ policy: 'p', kind: name, config: example }));
        expect({ name, errors: validate.errors }).toEqual({ name, errors: null });
      }
    }
  });

  test.each<[string, JsonObject]>([
    ['a member that does not exist', { flow: 'a', titel: 'A' }],
    ['a wrong type', { flow: 'a', title: 1 }],
    ['a value that does not exist', { flow: 'a', designation: 'LOGIN' }],
    ['an unknown state', { flow: 'a', state: 'gone' }],
    ['an unknown kind', { stage: 'a', kind: 'telepathy' }],
    ['a field of another kind', { stage: 'a', kind: 'deny', config: { userFields: [] } }],
    ['an id in the place of a name', { stage: 'a', kind: 'prompt', config: { fieldIds: ['x'] } }],
    [
      'a reference to something else',
      { stage: 'a', kind: 'prompt', config: { fieldIds: [{ ref: 'flow:x' }] } },
    ],
    ['a secret in clear', { stage: 'a', kind: 'captcha', config: { secretKey: 'x' } }],
    ['a place without an order', { flow: 'a', stages: [{ stage: 'b' }] }],
    ['a guard that is two things', { flow: 'a', policies: [{ policy: 'b', group: 'c', order: 0 }] }],
    ['a computed value that does not exist', { flow: 'a', title: { $upper: 'a' } }],
    ['a choice without its else', { flow: 'a', title: { $if: [true, 'a'] } }],
    [
      'an action that does not exist',
      { policy: 'a', kind: 'condition', config: { actions: [{ type: 'go' }] } },
    ],
    ['nothing that says what it is about', { title: 'A' }],
    ['nothing at all', {}],
    ['two things at once', { flow: 'a', stage: 'b' }],
  ])('refuses %s', (_what, entry) => {
    expect(isValid(withEntry(entry))).toBe(false);
  });

  test.each<[string, JsonObject]>([
    ['a computed name', { flow: { $parameter: 'slug' }, title: { $join: ['a', { $parameter: 'b' }] } }],
    ['conditions', { flow: 'a', when: { $not: { $all: [true, { $equals: [1, { $parameter: 'c' }] }] } } }],
    ['a condition of a place', { flow: 'a', stages: [{ stage: 'b', order: 1, when: { $parameter: 'c' } }] }],
    ['a computed order', { flow: 'a', stages: [{ stage: { $parameter: 's' }, order: { $parameter: 'c' } }] }],
    ['a computed list', { flow: 'a', stages: { $if: [{ $parameter: 'c' }, [], []] } }],
    [
      'a computed reference',
      { stage: 'a', kind: 'prompt', config: { fieldIds: [{ ref: { $join: ['a'] } }] } },
    ],
    ['a computed configuration', { stage: 'a', kind: 'deny', config: { $parameter: 'c' } }],
    ['no kind', { stage: 'a', config: { anything: 1 } }],
    ['a secret by name', { stage: 'a', kind: 'captcha', config: { secretKey: { secret: 'KEY' } } }],
    ['no secret', { stage: 'a', kind: 'captcha', config: { secretKey: null } }],
    [
      'small letters in an Account SID',
      { stage: 'a', kind: 'sms-setup', config: { accountSid: `ac${'0'.repeat(32)}` } },
    ],
    ['a literal', { policy: 'a', kind: 'condition', config: { actions: { $literal: [{ type: 'stop' }] } } }],
    ['an invitation', { invitation: 'a', flow: 'b', fixedData: { email: 'a@example.com' }, expiresAt: null }],
  ])('takes %s', (_what, entry) => {
    validate(withEntry(entry));
    expect(validate.errors).toBeNull();
  });

  test('takes parameters with types and defaults, and no others', () => {
    const document = withEntry({ group: 'a' });
    expect(
      isValid({ ...document, parameters: { slug: { type: 'string', default: 'a', description: 'b' } } }),
    ).toBe(true);
    expect(isValid({ ...document, parameters: { slug: { type: 'text' } } })).toBe(false);
    expect(isValid({ ...document, version: 1 })).toBe(false);
  });

  test('describes every member, for editors to show', () => {
    const { definitions } = blueprintSchema(stageKinds, policyKinds);
    const undescribed: string[] = [];
    for (const [name, schema] of Object.entries(object(definitions)))
      for (const [member, one] of Object.entries(object(object(schema).properties)))
        if (!object(one).description && !object(one).$ref && member !== 'type')
          undescribed.push(`${name}.${member}`);
    expect(undescribed).toEqual([]);
  });
});

function object(value: Json | undefined): JsonObject {
  return z.record(z.string(), z.json()).safeParse(value).data ?? {};
}
