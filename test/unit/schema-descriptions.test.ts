import type { GraphQLNamedType, GraphQLSchema } from 'graphql';
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
} from 'graphql';

import { buildApi } from '../../src/graphql/schema.js';
import { policyKinds } from '../../src/policies/list.js';
import { stageKinds } from '../../src/stages/list.js';

interface Described {
  readonly name: string;
  readonly description?: string | null | undefined;
}

/** Everything that a schema defines, by its place: `Query.flows(first:)`, `FlowLayout.STACKED`. */
function placesIn(schema: GraphQLSchema): [string, Described][] {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !isSpecifiedScalarType(type) && !isIntrospectionType(type),
  );
  const directives = schema.getDirectives().filter((directive) => !isSpecifiedDirective(directive));
  return [
    ...types.flatMap((type): [string, Described][] => [[type.name, type], ...membersOf(type)]),
    ...directives.flatMap(({ args, ...directive }): [string, Described][] => [
      [`@${directive.name}`, directive],
      ...args.map((arg): [string, Described] => [`@${directive.name}(${arg.name}:)`, arg]),
    ]),
  ];
}

function membersOf(type: GraphQLNamedType): [string, Described][] {
  if (isEnumType(type)) return type.getValues().map((value) => [`${type.name}.${value.name}`, value]);
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field]);
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field): [string, Described][] => {
    const place = `${type.name}.${field.name}`;
    return [[place, field], ...field.args.map((arg): [string, Described] => [`${place}(${arg.name}:)`, arg])];
  });
}

function undescribed(schema: GraphQLSchema): string[] {
  return placesIn(schema)
    .filter(([, { description }]) => (description ?? '').trim() === '')
    .map(([place]) => place);
}

/** `npm run schema:check` holds schema.graphql to the same. */
describe('the schema', () => {
  const schema = buildApi(stageKinds, policyKinds);

  it('is looked at whole', () => {
    const places = placesIn(schema).map(([place]) => place);
    expect(places.length).toBeGreaterThan(900);
    expect(places).toEqual(
      expect.arrayContaining([
        'Mutation',
        'Duration',
        'FlowStep',
        'Query.flows(first:)',
        'StartFlowInput.flow',
        'PromptFieldType.STATIC',
      ]),
    );
  });

  it('describes every type, field, argument and value', () => {
    expect(undescribed(schema)).toEqual([]);
  });
});

it('what lacks a description is named', () => {
  const schema = buildSchema(`
    directive @bare(arg: Int) on FIELD
    type Query { field(arg: Input): Choice }
    input Input { field: Int }
    enum Choice { THIS "Fine." THAT }
    scalar Odd
    interface Face { id: ID }
    type Face1 implements Face { "  " id: ID }
    union Both = Face1 | Query
  `);
  expect(undescribed(schema)).toEqual(
    expect.arrayContaining([
      ...['Query', 'Query.field', 'Query.field(arg:)', 'Input', 'Input.field', 'Choice', 'Choice.THIS'],
      ...['Odd', 'Face', 'Face.id', 'Face1', 'Face1.id', 'Both', '@bare', '@bare(arg:)'],
    ]),
  );
  expect(undescribed(schema)).not.toContain('Choice.THAT');
});
