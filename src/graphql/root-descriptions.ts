import { MapperKind, mapSchema } from '@graphql-tools/utils';
import { GraphQLObjectType } from 'graphql';
import type { GraphQLSchema } from 'graphql';

const described = (description: string) => (type: GraphQLObjectType<unknown, unknown>) =>
  new GraphQLObjectType({ ...type.toConfig(), description });

/** The schema with its three roots described: type-graphql makes them itself, and asks nobody what they are. */
export function withRootDescriptions(schema: GraphQLSchema): GraphQLSchema {
  return mapSchema(schema, {
    [MapperKind.QUERY]: described('What can be asked. Nothing is changed by it.'),
    [MapperKind.MUTATION]: described(
      'What can be done. Of several in one operation, each waits for the one before.',
    ),
    [MapperKind.SUBSCRIPTION]: described('What can be followed as it happens, one thing in each operation.'),
  });
}
