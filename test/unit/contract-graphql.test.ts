import { readFileSync } from 'node:fs';

import { Kind, parse, print } from 'graphql';
import type { ASTNode, DefinitionNode } from 'graphql';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

/** What a type says, member by member: `Flow.slug` is `String!`, `FlowStep.FlowDenied` is a member. */
type Statements = ReadonlyMap<string, string>;

function statementsOf(sdl: string): Statements {
  return new Map(parse(sdl).definitions.flatMap(statementsIn));
}

function statementsIn(definition: DefinitionNode): [string, string][] {
  switch (definition.kind) {
    case Kind.SCALAR_TYPE_DEFINITION:
      return [whole(definition)];
    case Kind.ENUM_TYPE_DEFINITION:
      return [whole(definition), ...members(`${definition.name.value}.`, definition.values)];
    case Kind.UNION_TYPE_DEFINITION:
      return [whole(definition), ...members(`${definition.name.value}.`, definition.types)];
    case Kind.INPUT_OBJECT_TYPE_DEFINITION: {
      const type = definition.name.value;
      const directives = members(`${type} @`, definition.directives);
      return [whole(definition), ...directives, ...shapes(type, definition.fields)];
    }
    case Kind.INTERFACE_TYPE_DEFINITION:
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.OBJECT_TYPE_EXTENSION: {
      const type = definition.name.value;
      const fields = (definition.fields ?? []).flatMap((field) => [
        ...shapes(type, [field]),
        ...shapes(`${type}.${field.name.value}`, field.arguments),
      ]);
      return [whole(definition), ...members(`${type} implements `, definition.interfaces), ...fields];
    }
    case Kind.DIRECTIVE_DEFINITION:
    case Kind.DIRECTIVE_EXTENSION:
    case Kind.ENUM_TYPE_EXTENSION:
    case Kind.FRAGMENT_DEFINITION:
    case Kind.INPUT_OBJECT_TYPE_EXTENSION:
    case Kind.INTERFACE_TYPE_EXTENSION:
    case Kind.OPERATION_DEFINITION:
    case Kind.SCALAR_TYPE_EXTENSION:
    case Kind.SCHEMA_DEFINITION:
    case Kind.SCHEMA_EXTENSION:
    case Kind.UNION_TYPE_EXTENSION:
      throw new Error(`there is a ${definition.kind}: say here what it promises`);
  }
}

/** That there is such a type, and of which sort; where it is said in several parts, that is one type. */
function whole({ name, kind }: Named & { readonly kind: string }): [string, string] {
  return [name.value, kind.replace('Extension', 'Definition')];
}

interface Named {
  readonly name: { readonly value: string };
}

interface Shaped extends Named {
  readonly type: ASTNode;
  readonly defaultValue?: ASTNode | undefined;
}

function members(place: string, nodes: readonly Named[] = []): [string, string][] {
  return nodes.map(({ name }) => [place + name.value, 'member']);
}

function shapes(place: string, nodes: readonly Shaped[] = []): [string, string][] {
  return nodes.map(({ name, type, defaultValue }) => [
    `${place}.${name.value}`,
    defaultValue ? `${print(type)} = ${print(defaultValue)}` : print(type),
  ]);
}

const contract = statementsOf(read('../contract/contract.graphql'));
const ours = statementsOf(read('../../schema.graphql'));

/** The promises that are not kept; what a type that is missing would hold is not listed apart. */
function missing(): string[] {
  const broken = [...contract].filter(([place, shape]) => ours.get(place) !== shape).map(([place]) => place);
  return broken.filter((place) => !broken.some((other) => place.startsWith(`${other}.`)));
}

describe('the schema and the contract that clients are written against', () => {
  it('are held together by promises in the hundreds', () => {
    expect(contract.size).toBeGreaterThan(200);
  });

  it('agree in every type, field, argument, default and value', () => {
    const deviations = missing().map((place) => [place, contract.get(place), ours.get(place)]);
    expect(deviations).toEqual([]);
  });
});
