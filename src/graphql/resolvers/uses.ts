import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import { usesOf } from '../../flow/uses.js';
import type { Used } from '../../flow/uses.js';
import type { RequestContext } from '../context.js';
import { visibleUses } from '../edit.js';
import type { ManagementTypes } from '../types/management.js';
import { NamedObject } from '../types/named-object.js';
import { Group, User } from '../types/people.js';

function usedByField(owner: ClassType, type: Used['type'], description: string): ClassType {
  @Resolver(() => owner)
  class UsedByField {
    @FieldResolver(() => [NamedObject], { description: `${description} Of these, what you may see.` })
    async usedBy(@Root() { id }: { id: string }, @Ctx() context: RequestContext): Promise<NamedObject[]> {
      const catalogue = await context.catalogue();
      return visibleUses(usesOf(catalogue, { type, id }), catalogue, await context.access());
    }
  }
  return UsedByField;
}

/** `usedBy` for whom policies are asked about. */
export const usesOfPeople: readonly ClassType[] = [
  usedByField(
    Group,
    'GROUP',
    'The bindings that ask for its members, and the stages that put people into it: without any of them, it can be deleted.',
  ),
  usedByField(User, 'USER', 'The bindings that ask for this person: without any of them, it can be deleted.'),
];

/** `usedBy` for what flows are composed of. */
export function usesOfDefinitions({
  Flow,
  Stage,
  Policy,
  PromptField,
}: ManagementTypes): readonly ClassType[] {
  return [
    usedByField(
      Flow,
      'FLOW',
      'The stages that lead to it, as long as which it cannot be deleted; and of what it is the default.',
    ),
    usedByField(
      Stage,
      'STAGE',
      'Its places in flows, and the stages that show it: without any of them, it can be deleted.',
    ),
    usedByField(
      PromptField,
      'PROMPT_FIELD',
      'The stages that ask for it: without any of them, it can be deleted.',
    ),
    usedByField(
      Policy,
      'POLICY',
      'Its bindings, the stages that have answers judged by it, and the policies that call it: without any of them, it can be deleted.',
    ),
  ];
}
