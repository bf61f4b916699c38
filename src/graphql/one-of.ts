import { MapperKind, mapSchema } from '@graphql-tools/utils';
import { GraphQLInputObjectType } from 'graphql';
import type { GraphQLSchema } from 'graphql';

/** Names of the input types of which exactly one member may be given. */
export const oneOfTypes = new Set<string>();

/** Marks an input class as `@oneOf`. type-graphql's own `@Directive('@oneOf')` prints and enforces nothing. */
export function OneOf(name: string): ClassDecorator {
  return () => {
    oneOfTypes.add(name);
  };
}

/** The schema with its `@oneOf` inputs marked, so that graphql-js prints and enforces them. */
export function withOneOf(schema: GraphQLSchema): GraphQLSchema {
  return mapSchema(schema, {
    [MapperKind.INPUT_OBJECT_TYPE]: (type) =>
      oneOfTypes.has(type.name)
        ? new GraphQLInputObjectType({ ...type.toConfig(), isOneOf: true })
        : undefined,
  });
}
