import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import type { GraphQLField, GraphQLInputType, GraphQLSchema } from 'graphql';

/** An id of nothing. */
export const NOTHING = 'b4c1b1a0-0000-4000-8000-000000000000';

export interface SampleField {
  readonly name: string;
  /** Whether it is asked by ids. */
  readonly takesIds: boolean;
  /** A call that would be carried out if only the caller were allowed to make it, and if this were the id of it all. */
  call(id?: string): [document: string, variables: object];
}

/** Everything that clients can ask for. */
export function sampleFields(schema: GraphQLSchema): SampleField[] {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
  ] as const;
  return roots.flatMap(([operation, type]) =>
    Object.values(type?.getFields() ?? {}).map((field) => ({
      name: field.name,
      takesIds: field.args.some(({ type: argument }) => holdsIds(argument)),
      call: (id = NOTHING) => callOf(operation, field, id),
    })),
  );
}

function callOf(operation: string, field: GraphQLField<unknown, unknown>, id: string): [string, object] {
  const args = field.args.filter((arg) => isRequiredArgument(arg) || holdsIds(arg.type));
  const declared = args.map((arg) => `$${arg.name}: ${arg.type.toString()}`).join(', ');
  const passed = args.map((arg) => `${arg.name}: $${arg.name}`).join(', ');
  const selection = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }';
  const call = `${field.name}${passed && `(${passed})`}${selection}`;
  const variables = Object.fromEntries(args.map((arg) => [arg.name, sampleOf(arg.type, id)]));
  return [`${operation}${declared && `(${declared})`} { ${call} }`, variables];
}

/** Whether a value of this type would name things by their ids. Filters, which may hold anything, are left alone. */
function holdsIds(type: GraphQLInputType): boolean {
  const named = getNamedType(type);
  if (named.name === 'ID') return true;
  return (
    isNonNullType(type) &&
    isInputObjectType(named) &&
    Object.values(named.getFields()).some((field) => holdsIds(field.type))
  );
}

function sampleOf(type: GraphQLInputType, id: string): unknown {
  if (isNonNullType(type)) return sampleOf(type.ofType, id);
  if (isListType(type)) return getNamedType(type).name === 'ID' ? [id] : [];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const given = type.isOneOf
      ? fields.slice(0, 1)
      : fields.filter((field) => isRequiredInputField(field) || getNamedType(field.type).name === 'ID');
    return Object.fromEntries(given.map((field) => [field.name, sampleOf(field.type, id)]));
  }
  const samples: Record<string, unknown> = { Boolean: true, Int: 1, Duration: 'PT1S', JSONObject: {} };
  return samples[type.name] ?? id;
}
