import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import type {
  FlowDefinition,
  PolicyBindingDefinition,
  PolicyDefinition,
  StageBindingDefinition,
  StageDefinition,
} from '../../flow/definition.js';
import { flowDiagram } from '../../flow/diagram.js';
import { subjectLabels } from '../../flow/subject-labels.js';
import type { RequestContext } from '../context.js';
import { enumName } from '../kind-names.js';
import { tagged } from '../tag.js';
import type { ConfigTypes } from '../types/config.js';
import type { ManagementTypes } from '../types/management.js';

/** What definitions do not hold themselves: what they point to, and what points to them. */
export function definitionFields(
  types: ManagementTypes,
  stageConfigs: ConfigTypes,
  policyConfigs: ConfigTypes,
): readonly ClassType[] {
  @Resolver(() => types.Flow)
  class FlowFields {
    @FieldResolver()
    async diagram(@Root() flow: FlowDefinition, @Ctx() context: RequestContext): Promise<string> {
      const labels = await subjectLabels(flow, {
        group: async (id) => known(await context.groups.load(id)).name,
        user: async (id) => known(await context.users.load(id)).username,
      });
      return flowDiagram(flow, labels);
    }
  }

  @Resolver(() => types.FlowStageBinding)
  class FlowStageBindingFields {
    @FieldResolver()
    async flow(@Root() binding: StageBindingDefinition, @Ctx() context: RequestContext): Promise<object> {
      return known((await context.catalogue()).flow(binding.flowId));
    }
  }

  @Resolver(() => types.Stage)
  class StageFields {
    @FieldResolver()
    kind(@Root() stage: StageDefinition): string {
      return enumName(stage.kind);
    }

    @FieldResolver()
    config(@Root() stage: StageDefinition): object {
      return stageConfigs.shown(stage);
    }

    @FieldResolver()
    async flows(@Root() stage: StageDefinition, @Ctx() context: RequestContext): Promise<FlowDefinition[]> {
      const { flows } = await context.catalogue();
      return flows.filter((flow) => flow.stageBindings.some((binding) => binding.stage.id === stage.id));
    }
  }

  @Resolver(() => types.Policy)
  class PolicyFields {
    @FieldResolver()
    kind(@Root() policy: PolicyDefinition): string {
      return enumName(policy.kind);
    }

    @FieldResolver()
    config(@Root() policy: PolicyDefinition): object {
      return policyConfigs.shown(policy);
    }

    @FieldResolver()
    async boundTo(@Root() policy: PolicyDefinition, @Ctx() context: RequestContext): Promise<number> {
      return (await context.catalogue()).usesOfPolicy(policy.id);
    }

    @FieldResolver()
    async calls(@Root() policy: PolicyDefinition, @Ctx() context: RequestContext): Promise<object[]> {
      return (await context.catalogue()).policiesCalledBy(policy);
    }

    @FieldResolver()
    async calledBy(@Root() policy: PolicyDefinition, @Ctx() context: RequestContext): Promise<object[]> {
      return (await context.catalogue()).policiesThatCall(policy);
    }
  }

  @Resolver(() => types.PolicyBinding)
  class PolicyBindingFields {
    @FieldResolver()
    timeout(@Root() binding: PolicyBindingDefinition): string {
      return `PT${binding.timeoutSeconds}S`;
    }

    @FieldResolver()
    async target(
      @Root() { target }: PolicyBindingDefinition,
      @Ctx() context: RequestContext,
    ): Promise<object> {
      const catalogue = await context.catalogue();
      switch (target.type) {
        case 'flow':
          return tagged(known(catalogue.flow(target.flowId)), 'Flow');
        case 'stageBinding':
          return tagged(known(catalogue.stageBinding(target.stageBindingId)), 'FlowStageBinding');
      }
    }

    @FieldResolver()
    async subject(
      @Root() { subject }: PolicyBindingDefinition,
      @Ctx() context: RequestContext,
    ): Promise<object> {
      switch (subject.type) {
        case 'policy':
          return tagged(subject.policy, 'Policy');
        case 'group':
          return tagged(known(await context.groups.load(subject.groupId)), 'Group');
        case 'user':
          return tagged(known(await context.users.load(subject.userId)), 'User');
      }
    }
  }

  return [FlowFields, FlowStageBindingFields, StageFields, PolicyFields, PolicyBindingFields];
}

/** What the database's constraints promise is there. */
function known<T>(found: T | undefined): T {
  if (found === undefined) throw new Error('something that is referred to is gone');
  return found;
}
