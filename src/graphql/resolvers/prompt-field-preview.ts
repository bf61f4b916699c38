import { Arg, Ctx, Field, ID, InputType, Query, Resolver } from 'type-graphql';
import type { ClassType } from 'type-graphql';
import { z } from 'zod';

import type { FieldProblem } from '../../kernel/refusal.js';
import { computed } from '../../flow/computing.js';
import type { Compute } from '../../flow/compute.js';
import { Context } from '../../flow/context.js';
import { promptDataKey } from '../../flow/context-keys.js';
import { promptFieldFields } from '../../flow/definition-rules.js';
import { policyInput } from '../../flow/policy-input.js';
import type { PolicyInput } from '../../flow/policy-kind.js';
import { renderField } from '../../flow/prompt-rendering.js';
import { shownField } from '../../flow/shown-field.js';
import { AsReached, Needs } from '../access-rules.js';
import { Circumstances, SOME_FLOW, clientOf, knownBeforehand } from '../circumstances.js';
import type { RequestContext } from '../context.js';
import { outputType } from '../derive.js';
import type { DerivedType } from '../derive.js';
import { found } from '../edit.js';
import { checked, plain, refusedAt } from '../input.js';
import { expectSound } from '../sound-prompt-field.js';

const preview = z.strictObject({
  field: shownField.describe('The field as clients would get it; of a HIDDEN field they get nothing.'),
  decidedValue: z
    .string()
    .nullable()
    .describe('What the server would put under the key, as text; null where that is nothing.'),
});

/** Trying fields out, for administrators. `fieldInput` is what a field is written as. */
export function promptFieldPreview(fieldInput: DerivedType): ClassType {
  const PromptFieldPreview = outputType(
    'PromptFieldPreview',
    'How a field would be shown.',
    preview,
    AsReached(),
  );

  @InputType({ description: 'A field that need not be saved, for whom to show it, and what is known.' })
  class PreviewPromptFieldInput extends Circumstances {
    @Field(() => fieldInput, { description: 'The field.' })
    field!: object;

    @Field(() => ID, { nullable: true, description: 'For whom; for the caller where it is left out.' })
    userId?: string | null;
  }

  @Resolver()
  class PromptFieldPreviews {
    @Needs('PROMPT_FIELD_CHANGE', 'USER_VIEW')
    @Query(() => PromptFieldPreview, {
      description:
        'Show one field as a form would, without side effects. It is checked as if it were to be saved, and refused where one of its expressions fails.',
    })
    async previewPromptField(
      @Arg('input', () => PreviewPromptFieldInput, { description: 'What to show.' })
      input: PreviewPromptFieldInput,
      @Ctx() context: RequestContext,
    ): Promise<z.infer<typeof preview>> {
      const fields = checked(promptFieldFields, plain(input.field, 'input.field'), 'input.field');
      expectSound(fields, 'input.field', context);
      const told = await circumstancesOf(input, context);
      const problems: FieldProblem[] = [];
      const known = promptDataKey.read(told.context[promptDataKey.name]) ?? {};
      const field = { id: '', version: 0, ...fields };
      const rendered = await renderField(field, known, computing(told, problems, context));
      if (problems.length > 0) throw refusedAt('input.field', problems);
      if (!rendered) {
        const message = 'There is nothing to choose from.';
        throw refusedAt('input.field', [{ path: 'choicesExpression', code: 'REQUIRED', message }]);
      }
      const { shown, decided } = rendered;
      return { field: shown, decidedValue: decided === null ? null : String(decided) };
    }
  }

  /** What the field's expressions are told. */
  async function circumstancesOf(
    input: PreviewPromptFieldInput,
    context: RequestContext,
  ): Promise<PolicyInput> {
    const { client, now, viewer } = await context.visit('BROWSER');
    const signedIn = viewer?.user ?? null;
    const user = input.userId == null ? signedIn : found('user', await context.users.load(input.userId));
    return policyInput(
      { client: clientOf(input, client, context.locations), now, viewer: signedIn },
      {
        ...{ flow: SOME_FLOW, user, signedInRecently: viewer !== null, proofs: [] },
        ...{ redirectedFrom: null, mayWrite: false },
        context: new Context(knownBeforehand(input), {}),
        newPasswords: {},
      },
    );
  }

  return PromptFieldPreviews;
}

/** Computes as a form would; what fails is a problem of the field. */
function computing(
  told: PolicyInput,
  problems: FieldProblem[],
  { policyServices: { expressions } }: RequestContext,
): Compute {
  return async ({ attribute }, expression, read) => {
    try {
      return read(await computed(expressions, expression, told));
    } catch (error) {
      const message = error instanceof Error ? error.message : 'The expression failed.';
      problems.push({ path: `${attribute}Expression`, code: 'EXPRESSION_FAILED', message });
      return undefined;
    }
  };
}
