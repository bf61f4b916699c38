import { Arg, Ctx, Field, ID, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import { durationOf } from '../../kernel/duration.js';
import type { Language } from '../../kernel/language.js';
import { Refusal } from '../../kernel/refusal.js';
import type { Catalogue } from '../../flow/catalogue.js';
import { designations } from '../../flow/definition.js';
import type { FlowDesignation as Designation } from '../../flow/definition.js';
import { installationFields } from '../../flow/installation.js';
import { Needs, NeedsRecently } from '../access-rules.js';
import { actor } from '../actor.js';
import { expectPermissions } from '../authorization.js';
import type { RequestContext } from '../context.js';
import { inputType } from '../derive.js';
import { GraphQLDuration } from '../duration-scalar.js';
import { IF_VERSION, edit, found } from '../edit.js';
import { FlowDesignation, LanguageCode } from '../enums.js';
import { checkedChanges } from '../input.js';
import type { ManagementTypes } from '../types/management.js';

const DAY_SECONDS = 24 * 3600;

/** What holds for the whole installation, for administrators. */
export function settingManagement({ DefaultFlow }: ManagementTypes): ClassType {
  @Needs('SETTINGS_VIEW')
  @ObjectType({ description: 'What holds for the whole installation.' })
  class Settings {
    @Field(() => [DefaultFlow], { description: 'One entry for each designation.' })
    defaultFlows!: object[];

    @Field(() => GraphQLDuration, { description: 'How long events are kept.' })
    eventRetention!: string;

    @Field(() => GraphQLDuration, {
      description: 'How long ago somebody may have signed in to do what asks for a recent authentication.',
    })
    recentAuthentication!: string;

    @Field(() => String, { description: 'What the product is called in mails.' })
    brandName!: string;

    @Field(() => LanguageCode, {
      description: 'What people are written to in whose language is not known, or not among these.',
    })
    language!: Language;

    @Field(() => Int, { description: 'Goes up with every change of the settings: see `ifVersion`.' })
    version!: number;
  }

  const UpdateSettingsInput = inputType(
    'UpdateSettingsInput',
    'What to change; the rest is left alone.',
    installationFields,
    { partial: true },
  );

  @Resolver()
  class SettingManagement {
    @Needs('SETTINGS_VIEW')
    @Query(() => Settings, { description: 'What holds for the whole installation.' })
    async settings(@Ctx() context: RequestContext): Promise<Settings> {
      return settingsOf(await context.catalogue());
    }

    @NeedsRecently('SETTINGS_CHANGE')
    @Mutation(() => Settings, { description: 'Change what holds for the whole installation.' })
    async updateSettings(
      @Arg('input', () => UpdateSettingsInput, { description: 'What to change.' }) input: object,
      @Arg('ifVersion', () => Int, IF_VERSION)
      ifVersion: number | null,
      @Ctx() context: RequestContext,
    ): Promise<Settings> {
      const changes = checkedChanges(installationFields, input);
      await context.installation.update(changes, ifVersion ?? null, await actor(context));
      return settingsOf(await context.reloadCatalogue());
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
    const { eventRetentionDays, recentAuthenticationSeconds, brandName, language, version } =
      catalogue.installation;
    return {
      defaultFlows,
      eventRetention: durationOf(eventRetentionDays * DAY_SECONDS),
      recentAuthentication: durationOf(recentAuthenticationSeconds),
      brandName,
      language,
      version,
    };
  }

  return SettingManagement;
}
