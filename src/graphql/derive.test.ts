import type { GraphQLSchema } from 'graphql';
import { printType } from 'graphql';
import { Arg, Query, Resolver, buildSchemaSync } from 'type-graphql';
import { z } from 'zod';

import { AsReached } from './access-rules.js';
import { durationText } from '../kernel/duration.js';
import { groupReference } from '../stages/reference.js';
import { inputType, oneOfInput, outputType } from './derive.js';
import { withOneOf } from './one-of.js';

const colour = z
  .enum(['RED', 'GREEN'])
  .meta({ typeName: 'TestColour', values: { RED: 'Like blood.', GREEN: 'Like grass.' } })
  .describe('A colour.');
const inner = z.strictObject({ label: z.string().describe('Its label.') }).meta({ typeName: 'TestInner' });
const described = z.strictObject({
  text: z.string().describe('Some text.'),
  count: z.int().default(3).describe('How many.'),
  flag: z.boolean().optional().describe('Whether.'),
  yes: z.literal(true).describe('Only true.'),
  maybe: z.string().nullable().default(null).describe('Perhaps a text.'),
  colours: z.array(colour).default(['RED']).describe('Which colours.'),
  groupId: groupReference().nullable().describe('Which group.'),
  length: durationText.default('PT1M').describe('How long.'),
});

const Output = outputType(
  'TestOutput',
  'What comes out.',
  described.extend({ inner: inner.describe('Within.') }),
  AsReached(),
);
const Input = inputType('TestInput', 'What goes in.', described);
const Changes = inputType('TestChanges', 'What changes.', described, { partial: true });
const Nothing = inputType('TestNothing', 'Nothing goes in.', z.strictObject({}));
const Choice = oneOfInput('TestChoice', 'One of two.', [
  { key: 'input', description: 'This one.', type: Input },
  { key: 'nothing', description: 'Or that one.', type: Nothing },
]);

function printed(): (name: string) => string {
  @Resolver()
  class TestResolver {
    @Query(() => Output)
    test(
      @Arg('input', () => Input) _input: object,
      @Arg('changes', () => Changes) _changes: object,
      @Arg('choice', () => Choice) _choice: object,
    ): object {
      return {};
    }
  }
  const schema: GraphQLSchema = withOneOf(buildSchemaSync({ resolvers: [TestResolver], validate: false }));
  return (name) => {
    const type = schema.getType(name);
    return type ? printType(type) : `no ${name}`;
  };
}
const documented = printed();
const sdl = (name: string) =>
  documented(name)
    .replace(/"""[^"]*"""\n|^\s*$/gm, '')
    .replace(/\n\s*\n/g, '\n');
const fields = (name: string) =>
  sdl(name)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.includes(':'));

describe('types derived from a schema', () => {
  it('say what comes out: everything is there, and only what may be null is nullable', () => {
    expect(fields('TestOutput')).toEqual([
      'text: String!',
      'count: Int!',
      'flag: Boolean!',
      'yes: Boolean!',
      'maybe: String',
      'colours: [TestColour!]!',
      'groupId: ID',
      'length: Duration!',
      'inner: TestInner!',
    ]);
    expect(fields('TestInner')).toEqual(['label: String!']);
    expect(sdl('TestColour')).toMatch(/enum TestColour {\s+RED\s+GREEN\s+}/);
  });

  it('say what each of them means', () => {
    expect(documented('TestColour').match(/"(\w[^"]*)"/g)).toEqual([
      '"A colour."',
      '"Like blood."',
      '"Like grass."',
    ]);
  });

  it('say what goes in: what has a default may be left out, and the default is told', () => {
    expect(fields('TestInput')).toEqual([
      'text: String!',
      'count: Int! = 3',
      'flag: Boolean',
      'yes: Boolean!',
      'maybe: String',
      'colours: [TestColour!]! = [RED]',
      'groupId: ID',
      'length: Duration! = "PT1M"',
    ]);
  });

  it('say what changes: everything may be left out, and no default would overwrite what is there', () => {
    expect(fields('TestChanges')).toEqual([
      'text: String',
      'count: Int',
      'flag: Boolean',
      'yes: Boolean',
      'maybe: String',
      'colours: [TestColour!]',
      'groupId: ID',
      'length: Duration',
    ]);
  });

  it('have a field where there is nothing to say, because GraphQL wants one', () => {
    expect(fields('TestNothing')).toEqual(['nothing: Boolean']);
  });

  it('let exactly one member of a choice be given', () => {
    expect(sdl('TestChoice')).toContain('input TestChoice @oneOf');
    expect(fields('TestChoice')).toEqual(['input: TestInput', 'nothing: TestNothing']);
  });
});

describe('a schema that cannot be derived from', () => {
  it.each([
    ['a field without a description', z.strictObject({ a: z.string() }), 'TestBad.a has no description'],
    [
      'an enum without a name',
      z.strictObject({ a: z.enum(['X']).describe('A.') }),
      'TestBad.a: an enum needs a name',
    ],
    [
      'an enum with a value that means nothing',
      z.strictObject({
        a: z.enum(['X', 'Y']).meta({ typeName: 'TestBadEnum', description: 'A.', values: { X: 'An X.' } }),
      }),
      'TestBadEnum.Y has no description',
    ],
    [
      'an object without a name',
      z.strictObject({ a: z.strictObject({}).describe('A.') }),
      'TestBad.a: an object within needs a name',
    ],
    [
      'a type that GraphQL does not have',
      z.strictObject({ a: z.bigint().describe('A.') }),
      'TestBad.a: no GraphQL type',
    ],
  ])('is refused: %s', (_name, schema, message) => {
    expect(() => outputType('TestBad', 'Bad.', schema, AsReached())).toThrow(message);
  });
});
