import type { Json } from '../../src/kernel/json.js';
import { codes, planned } from '../support/blueprints.js';
import { SERVICES } from '../support/conditions.js';

const DOCUMENT = `
stagedoor: 1
name: With parameters
parameters:
  slug: { type: string, default: sign-in }
  order: { type: integer, default: 10 }
  layout: { type: string }
  guarded: { type: boolean, default: false }
entries:
  - group: staff
    when: { $parameter: guarded }
  - stage: login
    kind: user-login
  - flow: { $parameter: slug }
    title: { $join: ['The flow ', { $parameter: slug }] }
    designation: AUTHENTICATION
    layout: { $parameter: layout }
    policies:
      - group: staff
        order: 0
        when: { $parameter: guarded }
    stages:
      - stage: login
        order: { $parameter: order }
`;

const objects = async (parameters: Record<string, string | number | boolean>) => {
  const plan = await planned(DOCUMENT, {}, parameters);
  expect(plan.problems).toEqual([]);
  return plan.changes.map(({ object }) => object);
};

afterAll(() => SERVICES.expressions.close());

describe('the parameters of a document', () => {
  it('have their defaults, or what is given', async () => {
    expect(await objects({ layout: 'STACKED' })).toEqual([
      'stage:login',
      'flow:sign-in',
      'flow:sign-in / stage:login @ 10',
    ]);
    expect(await objects({ layout: 'STACKED', slug: 'other', order: 3, guarded: true })).toEqual([
      'group:staff',
      'stage:login',
      'flow:other',
      'flow:other / group:staff @ 0',
      'flow:other / stage:login @ 3',
    ]);
  });

  it('have to be given where they have no default, of their type, and no others', async () => {
    expect(codes(await planned(DOCUMENT, {}, {}))).toEqual(['parameters.layout REQUIRED']);
    expect(codes(await planned(DOCUMENT, {}, { layout: 'STACKED', order: 1.5, slug: 3 }))).toEqual([
      'parameters.slug INVALID_TYPE',
      'parameters.order INVALID_TYPE',
    ]);
    expect(codes(await planned(DOCUMENT, {}, { layout: 'STACKED', title: 'x' }))).toEqual([
      'parameters.title UNKNOWN_FIELD',
    ]);
  });

  it('are checked like what is written: the problem is told where it stands in the document', async () => {
    expect(codes(await planned(DOCUMENT, {}, { layout: 'ROUND' }))).toEqual([
      'entries[2].layout INVALID_VALUE',
    ]);
  });

  it('are not taken where they lie deeper than any document does', async () => {
    const deep = Array.from({ length: 60 }).reduce<Json>((within) => ({ a: within }), 1);
    const [problem] = codes(await planned(DOCUMENT, {}, { layout: 'STACKED', slug: deep }));
    expect(problem).toMatch(/^parameters\.slug(\.a)+ TOO_DEEP$/);
  });
});
