import { Authorized, Ctx, Query, Resolver } from 'type-graphql';

import { ADMINISTRATOR } from '../authorization.js';
import type { RequestContext } from '../context.js';

@Resolver()
export class ExpressionResolver {
  @Authorized(ADMINISTRATOR)
  @Query(() => String, {
    description: 'What expressions can read and call, declared in TypeScript: for editors.',
  })
  expressionDeclarations(@Ctx() { expressionDeclarations }: RequestContext): string {
    return expressionDeclarations;
  }
}
