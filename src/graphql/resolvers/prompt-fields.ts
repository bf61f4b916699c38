import { Arg, Ctx, ID, Int, Mutation, Query, Resolver } from 'type-graphql';
import type { ClassType } from 'type-graphql';
import { z } from 'zod';

import { promptFieldFields, promptFieldType } from '../../flow/definition-rules.js';
import type { PromptFieldDefinition } from '../../flow/prompt-field.js';
import { Needs } from '../access-rules.js';
import { AFTER, FIRST, byName, connectionType, pageOf } from '../connection.js';
import type { Connection } from '../connection.js';
import type { RequestContext } from '../context.js';
import { inputType } from '../derive.js';
import { IF_VERSION, deletingUnused, edit, found } from '../edit.js';
import { checked, checkedChanges, plain } from '../input.js';
import { nameOrder } from '../name-order.js';
import { expectSound } from '../sound-prompt-field.js';
import type { ManagementTypes } from '../types/management.js';
import { promptFieldPreview } from './prompt-field-preview.js';

const WHAT = 'prompt field';

const filterFields = z.strictObject({
  type: promptFieldType.nullable().default(null).describe('Filled in and checked like this.'),
  search: z.string().nullable().default(null).describe('With this in name, key or label, whatever the case.'),
});

/** The fields of forms, for administrators. */
export function promptFieldManagement({ PromptField }: ManagementTypes): ClassType[] {
  const PromptFieldConnection = connectionType('PromptField', () => PromptField);
  const PromptFieldFilter = inputType(
    'PromptFieldFilter',
    'Which fields to list; all conditions hold.',
    filterFields,
  );
  const PromptFieldOrder = nameOrder('PromptFieldOrder');
  const CreatePromptFieldInput = inputType('CreatePromptFieldInput', 'A new field.', promptFieldFields);
  const UpdatePromptFieldInput = inputType(
    'UpdatePromptFieldInput',
    'What to change; the rest is left alone.',
    promptFieldFields,
    { partial: true },
  );

  @Resolver()
  class PromptFieldManagement {
    @Needs('PROMPT_FIELD_VIEW')
    @Query(() => PromptField, { nullable: true, description: 'A field by id or by name.' })
    async promptField(
      @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id: string | null,
      @Arg('name', () => String, { nullable: true, description: 'Its name.' }) name: string | null,
      @Ctx() context: RequestContext,
    ): Promise<PromptFieldDefinition | null> {
      const catalogue = await context.catalogue();
      if (id != null) return catalogue.promptField(id) ?? null;
      return catalogue.promptFields.find((field) => field.name === name) ?? null;
    }

    @Needs('PROMPT_FIELD_VIEW')
    @Query(() => PromptFieldConnection, { description: 'A page of fields.' })
    async promptFields(
      @Arg('first', () => Int, FIRST) first: number | null,
      @Arg('after', () => String, AFTER) after: string | null,
      @Arg('filter', () => PromptFieldFilter, { nullable: true, description: 'Which ones.' })
      filter: object | null,
      @Arg('orderBy', () => PromptFieldOrder, {
        nullable: true,
        description: 'In what order. Default: NAME_ASC.',
      })
      orderBy: string | null,
      @Ctx() context: RequestContext,
    ): Promise<Connection<PromptFieldDefinition>> {
      const { promptFields } = await context.catalogue();
      const conditions = checked(filterFields, plain(filter ?? {}, 'filter'), 'filter');
      const wanted = promptFields.filter((field) => matches(field, conditions));
      return pageOf(wanted, { first, after }, byName, orderBy === 'NAME_DESC');
    }

    @Needs('PROMPT_FIELD_ADD')
    @Mutation(() => PromptField, { description: 'Make a field, to be asked for by prompt stages.' })
    async createPromptField(
      @Arg('input', () => CreatePromptFieldInput, { description: 'The field.' }) input: object,
      @Ctx() context: RequestContext,
    ): Promise<PromptFieldDefinition> {
      const fields = checked(promptFieldFields, plain(input));
      expectSound(fields, 'input', context);
      const { result: id, catalogue } = await edit(context, (editor) => editor.createPromptField(fields));
      return found(WHAT, catalogue.promptField(id));
    }

    @Needs('PROMPT_FIELD_CHANGE')
    @Mutation(() => PromptField, { description: 'Change a field, in every form that asks for it.' })
    async updatePromptField(
      @Arg('id', () => ID, { description: 'Which field.' }) id: string,
      @Arg('input', () => UpdatePromptFieldInput, { description: 'What to change.' }) input: object,
      @Arg('ifVersion', () => Int, IF_VERSION) ifVersion: number | null,
      @Ctx() context: RequestContext,
    ): Promise<PromptFieldDefinition> {
      const before = found(WHAT, (await context.catalogue()).promptField(id));
      const changes = checkedChanges(promptFieldFields, input);
      expectSound({ ...before, ...changes }, 'input', context);
      const { catalogue } = await edit(context, (editor) => editor.updatePromptField(id, changes, ifVersion));
      return found(WHAT, catalogue.promptField(id));
    }

    @Needs('PROMPT_FIELD_DELETE')
    @Mutation(() => ID, { description: 'Delete a field that no stage asks for any more.' })
    async deletePromptField(
      @Arg('id', () => ID, { description: 'Which field.' }) id: string,
      @Ctx() context: RequestContext,
    ): Promise<string> {
      found(WHAT, (await context.catalogue()).promptField(id));
      await deletingUnused({ type: 'PROMPT_FIELD', id }, context, () =>
        edit(context, (editor) => editor.deletePromptField(id)),
      );
      return id;
    }
  }
  return [PromptFieldManagement, promptFieldPreview(CreatePromptFieldInput)];
}

function matches(field: PromptFieldDefinition, { type, search }: z.infer<typeof filterFields>): boolean {
  if (type !== null && field.type !== type) return false;
  if (search === null) return true;
  const text = search.toLowerCase();
  return [field.name, field.key, field.label].some((one) => one.toLowerCase().includes(text));
}
