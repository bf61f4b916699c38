import { Ctx, FieldResolver, Resolver } from 'type-graphql';

import { allowedBy } from '../../identity/access.js';
import type { Permission } from '../../identity/permissions.js';
import { SignedIn } from '../access-rules.js';
import type { RequestContext } from '../context.js';
import { Viewer } from '../types/viewer.js';

/** What costs a query of its own to tell of whoever is signed in. */
@Resolver(() => Viewer)
export class ViewerFields {
  @SignedIn()
  @FieldResolver()
  async permissions(@Ctx() context: RequestContext): Promise<Permission[]> {
    return allowedBy(await context.access());
  }
}
