import { Ctx, Query, Resolver } from 'type-graphql';

import { Needs } from '../access-rules.js';
import type { RequestContext } from '../context.js';

@Resolver()
export class ExpressionResolver {
  @Needs('POLICY_VIEW')
  @Query(() => String, {
    description: 'What expressions can read and call, declared in TypeScript: for editors.',
  })
  expressionDeclarations(@Ctx() { expressionDeclarations }: RequestContext): string {
    return expressionDeclarations;
  }
}
