import { Arg, Ctx, Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import { Refusal } from '../../kernel/refusal.js';
import type { Catalogue } from '../../flow/catalogue.js';
import { designations } from '../../flow/definition.js';
import type { FlowDesignation as Designation } from '../../flow/definition.js';
import { Needs } from '../access-rules.js';
import { expectPermissions } from '../authorization.js';
import type { RequestContext } from '../context.js';
import { edit, found } from '../edit.js';
import { FlowDesignation } from '../enums.js';
import type { ManagementTypes } from '../types/management.js';

/** What holds for the whole installation, for administrators. */
export function settingManagement({ DefaultFlow }: ManagementTypes): ClassType {
  @Needs('SETTINGS_VIEW')
  @ObjectType({ description: 'What holds for the whole installation.' })
  class Settings {
    @Field(() => [DefaultFlow], { description: 'One entry for each designation.' })
    defaultFlows!: object[];
  }

  @Resolver()
  class SettingManagement {
    @Needs('SETTINGS_VIEW')
    @Query(() => Settings, { description: 'What holds for the whole installation.' })
    async settings(@Ctx() context: RequestContext): Promise<Settings> {
      return settingsOf(await context.catalogue());
    }

    @Needs('SETTINGS_CHANGE')
    @Mutation(() => Settings, { description: 'Choose the flow that a designation means, or choose none.' })
    async setDefaultFlow(
      @Arg('designation', () => FlowDesignation, { description: 'The designation.' })
      designation: Designation,
      @Arg('flowId', () => ID, { nullable: true, description: 'A flow of this designation; null for none.' })
      flowId: string | null,
      @Ctx() context: RequestContext,
    ): Promise<Settings> {
      if (flowId != null) {
        await expectPermissions(context, ['FLOW_VIEW']);
        const flow = found('flow', (await context.catalogue()).flow(flowId));
        if (flow.designation !== designation) {
          const message = `The flow is for ${flow.designation}, not for ${designation}.`;
          throw Refusal.badInput([{ path: 'flowId', code: 'WRONG_DESIGNATION', message }]);
        }
      }
      const { catalogue } = await edit(context, (editor) =>
        editor.setDefaultFlow(designation, flowId ?? null),
      );
      return settingsOf(catalogue);
    }
  }

  function settingsOf(catalogue: Catalogue): Settings {
    const defaultFlows = designations.map((designation) => ({
      designation,
      flow: catalogue.defaultFlow(designation) ?? null,
    }));
    return { defaultFlows };
  }

  return SettingManagement;
}
