import { Arg, Ctx, Field, ID, InputType, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import { durationSeconds } from '../../kernel/duration.js';
import type { Catalogue } from '../../flow/catalogue.js';
import type { PolicyBindingDefinition, PolicyTarget } from '../../flow/definition.js';
import { policyBindingFields } from '../../flow/definition-rules.js';
import type { SubjectReference } from '../../flow/definition-store.js';
import type { Permission } from '../../identity/permissions.js';
import { Needs } from '../access-rules.js';
import { expectPermissions } from '../authorization.js';
import type { RequestContext } from '../context.js';
import { inputType } from '../derive.js';
import { IF_VERSION, edit, found } from '../edit.js';
import { checked, checkedChanges, plain } from '../input.js';
import { OneOf } from '../one-of.js';
import type { ManagementTypes } from '../types/management.js';

@OneOf('PolicyTargetInput')
@InputType({ description: 'What to guard.' })
class PolicyTargetInput {
  @Field(() => ID, { nullable: true, description: 'A flow: who may use it.' })
  flowId?: string | null;

  @Field(() => ID, { nullable: true, description: "A stage's place in a flow: whether it applies." })
  stageBindingId?: string | null;
}

@OneOf('PolicySubjectInput')
@InputType({ description: 'What decides.' })
class PolicySubjectInput {
  @Field(() => ID, { nullable: true, description: 'A policy.' })
  policyId?: string | null;

  @Field(() => ID, { nullable: true, description: 'A group: whether the person is in it.' })
  groupId?: string | null;

  @Field(() => ID, { nullable: true, description: 'A person: whether it is this one.' })
  userId?: string | null;
}

/** What stands before flows and stages, for administrators. */
export function policyBindingManagement({ PolicyBinding }: ManagementTypes): ClassType {
  const Place = inputType('PolicyBindingPlace', 'How a binding takes part.', policyBindingFields);

  @InputType({ description: 'What to bind to what, and how.' })
  class BindPolicyInput extends Place {
    @Field(() => PolicyTargetInput, { description: 'What to guard.' })
    target!: PolicyTargetInput;

    @Field(() => PolicySubjectInput, { description: 'What decides.' })
    subject!: PolicySubjectInput;
  }

  const UpdatePolicyBindingInput = inputType(
    'UpdatePolicyBindingInput',
    'What to change; the rest is left alone.',
    policyBindingFields,
    { partial: true },
  );

  @Resolver()
  class PolicyBindingManagement {
    @Needs('POLICY_BINDING_VIEW')
    @Query(() => PolicyBinding, { nullable: true, description: 'A policy binding by id.' })
    async policyBinding(
      @Arg('id', () => ID, { description: 'Its id.' }) id: string,
      @Ctx() context: RequestContext,
    ): Promise<PolicyBindingDefinition | null> {
      return (await context.catalogue()).policyBinding(id) ?? null;
    }

    @Needs('POLICY_BINDING_ADD')
    @Mutation(() => PolicyBinding, {
      description: 'Put a policy, a group or a person before a flow or a stage in one.',
    })
    async bindPolicy(
      @Arg('input', () => BindPolicyInput, { description: 'What to bind to what.' }) input: BindPolicyInput,
      @Ctx() context: RequestContext,
    ): Promise<PolicyBindingDefinition> {
      const { target: _target, subject: _subject, ...place } = plain(input);
      const { timeout, expiresAt, ...fields } = checked(policyBindingFields, place);
      await expectPermissions(context, [viewOfTarget(input.target), viewOfSubject(input.subject)]);
      const target = targetOf(input.target, await context.catalogue());
      const subject = await subjectOf(input.subject, context);
      const { result: id, catalogue } = await edit(context, (editor) =>
        editor.bindPolicy(target, subject, {
          ...fields,
          timeoutSeconds: durationSeconds(timeout),
          expiresAt: expiresAt === null ? null : new Date(expiresAt),
        }),
      );
      return found('policy binding', catalogue.policyBinding(id));
    }

    @Needs('POLICY_BINDING_CHANGE')
    @Mutation(() => PolicyBinding, { description: 'Change how a binding takes part.' })
    async updatePolicyBinding(
      @Arg('id', () => ID, { description: 'Which binding.' }) id: string,
      @Arg('input', () => UpdatePolicyBindingInput, { description: 'What to change.' }) input: object,
      @Arg('ifVersion', () => Int, IF_VERSION) ifVersion: number | null,
      @Ctx() context: RequestContext,
    ): Promise<PolicyBindingDefinition> {
      found('policy binding', (await context.catalogue()).policyBinding(id));
      const { timeout, expiresAt, ...changes } = checkedChanges(policyBindingFields, input);
      const timed = {
        ...changes,
        ...(timeout !== undefined && { timeoutSeconds: durationSeconds(timeout) }),
        ...(expiresAt !== undefined && { expiresAt: expiresAt === null ? null : new Date(expiresAt) }),
      };
      const { catalogue } = await edit(context, (editor) => editor.updatePolicyBinding(id, timed, ifVersion));
      return found('policy binding', catalogue.policyBinding(id));
    }

    @Needs('POLICY_BINDING_DELETE')
    @Mutation(() => ID, { description: 'Take a binding away. What it asked stays.' })
    async unbindPolicy(
      @Arg('id', () => ID, { description: 'Which binding.' }) id: string,
      @Ctx() context: RequestContext,
    ): Promise<string> {
      found('policy binding', (await context.catalogue()).policyBinding(id));
      await edit(context, (editor) => editor.unbindPolicy(id));
      return id;
    }
  }
  return PolicyBindingManagement;
}

/** Whoever names something has to be allowed to see it, whether it is there or not. */
function viewOfTarget({ flowId }: PolicyTargetInput): Permission {
  return flowId == null ? 'STAGE_BINDING_VIEW' : 'FLOW_VIEW';
}

function viewOfSubject({ groupId, userId }: PolicySubjectInput): Permission {
  if (groupId != null) return 'GROUP_VIEW';
  return userId == null ? 'POLICY_VIEW' : 'USER_VIEW';
}

function targetOf({ flowId, stageBindingId }: PolicyTargetInput, catalogue: Catalogue): PolicyTarget {
  if (flowId != null) return { type: 'flow', flowId: found('flow', catalogue.flow(flowId)).id };
  const binding = stageBindingId == null ? undefined : catalogue.stageBinding(stageBindingId);
  return { type: 'stageBinding', stageBindingId: found('stage binding', binding).id };
}

async function subjectOf(input: PolicySubjectInput, context: RequestContext): Promise<SubjectReference> {
  const { policyId, groupId, userId } = input;
  if (groupId != null)
    return { type: 'group', groupId: found('group', await context.groups.load(groupId)).id };
  if (userId != null) return { type: 'user', userId: found('user', await context.users.load(userId)).id };
  const policy = policyId == null ? undefined : (await context.catalogue()).policy(policyId);
  return { type: 'policy', policyId: found('policy', policy).id };
}
