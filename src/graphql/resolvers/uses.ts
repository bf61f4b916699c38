import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import { usesOf } from '../../flow/uses.js';
import type { Use, Used } from '../../flow/uses.js';
import type { Catalogue } from '../../flow/catalogue.js';
import type { RequestContext } from '../context.js';
import { tagged } from '../tag.js';
import type { ManagementTypes } from '../types/management.js';
import { Group, User } from '../types/people.js';

/** `usedBy` for everything that something else can depend on. */
export function usesOfDefinitions(types: ManagementTypes): readonly ClassType[] {
  const { Flow, Stage, Policy, PromptField } = types;

  function usedBy(owner: ClassType, type: Used['type'], description: string): ClassType {
    @Resolver(() => owner)
    class UsedByField {
      @FieldResolver(() => [types.Use], { description })
      async usedBy(@Root() { id }: { id: string }, @Ctx() context: RequestContext): Promise<object[]> {
        const catalogue = await context.catalogue();
        return usesOf(catalogue, { type, id }).map((use) => shown(use, catalogue));
      }
    }
    return UsedByField;
  }

  return [
    usedBy(
      Flow,
      'FLOW',
      'The stages that lead to it, as long as which it cannot be deleted; and of what it is the default.',
    ),
    usedBy(
      Stage,
      'STAGE',
      'Its places in flows, and the stages that show it: without any of them, it can be deleted.',
    ),
    usedBy(
      PromptField,
      'PROMPT_FIELD',
      'The stages that ask for it: without any of them, it can be deleted.',
    ),
    usedBy(
      Policy,
      'POLICY',
      'Its bindings, the stages that have answers judged by it, and the policies that call it: without any of them, it can be deleted.',
    ),
    usedBy(
      Group,
      'GROUP',
      'The bindings that ask for its members, and the stages that put people into it: without any of them, it can be deleted.',
    ),
    usedBy(User, 'USER', 'The bindings that ask for this person: without any of them, it can be deleted.'),
  ];
}

function shown(use: Use, catalogue: Catalogue): object {
  switch (use.type) {
    case 'STAGE_BINDING':
      return tagged(use.binding, 'FlowStageBinding');
    case 'POLICY_BINDING':
      return tagged(use.binding, 'PolicyBinding');
    case 'STAGE':
      return tagged(use.stage, 'Stage');
    case 'POLICY':
      return tagged(use.policy, 'Policy');
    case 'SETTINGS': {
      const { designation } = use;
      return tagged({ designation, flow: catalogue.defaultFlow(designation) ?? null }, 'DefaultFlow');
    }
  }
}
