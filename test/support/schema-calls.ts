import { readFileSync } from 'node:fs';

import {
  astFromValue,
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  print,
} from 'graphql';
import type {
  GraphQLField,
  GraphQLInputField,
  GraphQLInputObjectType,
  GraphQLInputType,
  GraphQLLeafType,
  GraphQLObjectType,
} from 'graphql';

export const NO_ID = 'b4c1b1a0-0000-4000-8000-000000000000';

/** The schema as it is written down. */
export const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));

/** A field of Query or Mutation. */
export interface RootField {
  readonly operation: 'query' | 'mutation';
  readonly field: GraphQLField<unknown, unknown>;
}

export function fieldsOf(type: GraphQLObjectType | null | undefined): GraphQLField<unknown, unknown>[] {
  return Object.values(type?.getFields() ?? {});
}

export const rootFields: readonly RootField[] = [
  ...fieldsOf(schema.getQueryType()).map((field) => ({ operation: 'query', field }) as const),
  ...fieldsOf(schema.getMutationType()).map((field) => ({ operation: 'mutation', field }) as const),
];

/** Where something can be written in a call, such as `input.config.deny.message`. */
export interface Place {
  readonly path: readonly string[];
  readonly type: GraphQLLeafType;
  /** What declares it: `PasswordConfigInput.allowShowPassword`, or a root field and its argument. */
  readonly declared: string;
}

/** What to write where the schema asks for something. */
export interface Samples {
  /** An id for this place, such as `input.flowId`, in a call of this root field. */
  id(path: readonly string[], rootField: string): string;
  text(): string;
}

const anySamples: Samples = { id: () => NO_ID, text: () => NO_ID };

/** Every place in the arguments of a root field, however deep; of types that hold themselves once. */
export function placesOf({ field }: RootField): Place[] {
  return field.args.flatMap((argument) =>
    placesIn(argument.type, [argument.name], `${field.name}.${argument.name}`, []),
  );
}

function placesIn(
  type: GraphQLInputType,
  path: string[],
  declared: string,
  within: GraphQLInputObjectType[],
): Place[] {
  if (isNonNullType(type)) return placesIn(type.ofType, path, declared, within);
  if (isListType(type)) return placesIn(type.ofType, [...path, '0'], declared, within);
  if (!isInputObjectType(type)) return [{ path, type, declared }];
  if (within.includes(type)) return [];
  return Object.values(type.getFields()).flatMap((member) =>
    placesIn(member.type, [...path, member.name], `${type.name}.${member.name}`, [...within, type]),
  );
}

/** A call that is carried out if only the caller may make it; with `value` at a place, where one is given. */
export class Call {
  readonly #inputs: readonly { readonly name: string; readonly type: GraphQLInputType }[];

  constructor(
    private readonly root: RootField,
    private readonly samples: Samples = anySamples,
    private readonly put: { readonly place: Place; readonly value: unknown } | null = null,
  ) {
    const { args } = root.field;
    this.#inputs = args.filter((one) => isRequiredArgument(one) || one.name === put?.place.path[0]);
  }

  get document(): string {
    const declared = this.#inputs.map(({ name, type }) => `$${name}: ${type.toString()}`).join(', ');
    return this.#document(declared, ({ name }) => `$${name}`);
  }

  get variables(): Record<string, unknown> {
    return Object.fromEntries(this.#inputs.map(({ name, type }) => [name, this.#valueOf(name, type)]));
  }

  /** The same with everything in the document; the value is a literal of GraphQL. */
  get inline(): string {
    return this.#document('', ({ name, type }) => this.#literalOf(type, this.#valueOf(name, type)));
  }

  #document(declared: string, passed: (input: { name: string; type: GraphQLInputType }) => string): string {
    const { operation, field } = this.root;
    const given = this.#inputs.map((input) => `${input.name}: ${passed(input)}`).join(', ');
    const selection = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }';
    return `${operation}${declared && `(${declared})`} { ${field.name}${given && `(${given})`}${selection} }`;
  }

  #valueOf(name: string, type: GraphQLInputType): unknown {
    const [head, ...rest] = this.put?.place.path ?? [];
    return this.#sampleOf(type, [name], head === name ? rest : null);
  }

  /** A value of this type, for here; `path` leads on to the place in it, and is null where that lies elsewhere. */
  #sampleOf(type: GraphQLInputType, here: readonly string[], path: readonly string[] | null): unknown {
    if (isNonNullType(type)) return this.#sampleOf(type.ofType, here, path);
    if (path?.length === 0) return this.put?.value;
    if (isListType(type)) return path ? [this.#sampleOf(type.ofType, here, path.slice(1))] : [];
    if (isEnumType(type)) return type.getValues()[0]?.name;
    if (!isInputObjectType(type)) return this.#leafOf(type.name, here);
    const members = membersGiven(type, path?.[0]);
    return Object.fromEntries(
      members.map((member) => [
        member.name,
        this.#sampleOf(member.type, [...here, member.name], path?.[0] === member.name ? path.slice(1) : null),
      ]),
    );
  }

  #leafOf(typeName: string, here: readonly string[]): unknown {
    switch (typeName) {
      case 'ID':
        return this.samples.id(here, this.root.field.name);
      case 'Boolean':
        return true;
      case 'Int':
      case 'Float':
        return 1;
      case 'Duration':
        return 'PT1H';
      case 'DateTime':
        return '2031-01-01T00:00:00Z';
      case 'JSONObject':
        return {};
      default:
        return this.samples.text();
    }
  }

  #literalOf(type: GraphQLInputType, value: unknown): string {
    if (value === this.put?.value && typeof value === 'string') return value;
    if (isNonNullType(type)) return this.#literalOf(type.ofType, value);
    if (isListType(type) && Array.isArray(value))
      return `[${value.map((one) => this.#literalOf(type.ofType, one)).join(', ')}]`;
    if (!isInputObjectType(type)) {
      const node = astFromValue(value, type);
      return node ? print(node) : 'null';
    }
    const given = Object.entries(value ?? {}).map(([name, inner]: [string, unknown]) => {
      const member = type.getFields()[name];
      return `${name}: ${member ? this.#literalOf(member.type, inner) : 'null'}`;
    });
    return `{ ${given.join(', ')} }`;
  }
}

/** What must be given, and what leads to the place. Of one that takes one member only, the plainest. */
function membersGiven(type: GraphQLInputObjectType, towards: string | undefined): GraphQLInputField[] {
  const fields = Object.values(type.getFields());
  if (!type.isOneOf) return fields.filter((one) => isRequiredInputField(one) || one.name === towards);
  const plainest = fields.find((one) => one.name === 'dummy') ?? fields[0];
  const chosen = fields.find((one) => one.name === towards) ?? plainest;
  return chosen ? [chosen] : [];
}
