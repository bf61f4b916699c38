import { z } from 'zod';

import { onceFor } from '../../kernel/once.js';
import { definePolicy } from '../define.js';
import { runActions } from './actions.js';
import { actionsForm } from './document.js';
import { readDocument } from './document-rules.js';
import { actionPlaces, nodePlaces } from './places.js';
import { Reading } from './reading.js';
import { vocabulary } from './vocabulary.js';

/** No document that is allowed is nested deeper; what is could not even be looked at. */
const DEEPEST_JSON = 64;

const action = z.record(z.string(), z.unknown()).meta({ typeName: 'JSONObject' });

export const conditionPolicy = definePolicy({
  name: 'condition',
  description: 'Decides by rules that are written as data: comparisons, groups of them, and what follows.',
  config: z
    .strictObject({
      actions: z
        .array(action)
        .min(1)
        .max(200)
        .refine((actions) => !isDeeperThan(DEEPEST_JSON, actions), {
          error: 'Is nested too deep.',
          params: { code: 'TOO_DEEP' },
        })
        .describe(
          'What is done, in order, in the words of `policyVocabulary`. At the end of the list, it passes.',
        ),
      missing: z
        .enum(['FAIL', 'FALSE'])
        .meta({
          typeName: 'MissingValues',
          description: 'What a value that is missing means to a condition.',
          values: {
            FAIL: 'Nothing holds that a comparison with it is part of, not even `none`.',
            FALSE: 'A comparison with it does not hold.',
          },
        })
        .default('FAIL')
        .describe(
          'What a comparison with a missing value does. FAIL: nothing holds that it is part of, not even `none`. FALSE: it does not hold. Default: FAIL.',
        ),
      failureMessage: z
        .string()
        .max(500)
        .default('')
        .describe(
          'What it says to the person where a requirement does not hold; empty for nothing. Default: empty.',
        ),
    })
    .meta({
      examples: [
        { actions: [{ type: 'stop', passing: true }] },
        {
          actions: [
            { type: 'require', when: { variable: 'user.groups', operator: 'has_item', value: 'staff' } },
          ],
          missing: 'FAIL',
          failureMessage: 'This is for staff.',
        },
      ],
    }),
  services: ['expressions', 'passwordHistory', 'auditLog', 'reputations'],
  vocabulary,

  problems({ actions }, { expressions }) {
    const document = readDocument(actions, expressions);
    return document.ok ? [] : document.problems;
  },

  calls({ actions }) {
    const { data = [] } = actionsForm.safeParse(actions);
    return actionPlaces(data)
      .flatMap(nodePlaces)
      .flatMap(({ thing, path }) =>
        'policy' in thing ? [{ name: thing.policy, path: `${path}.policy` }] : [],
      );
  },

  async evaluate({ config: { actions, failureMessage, missing }, services, policy, ...run }) {
    const document = documentOf(actions, services.expressions);
    if (!document.ok) throw new Error(`the policy ${policy.name} is wrongly configured`);
    const reading = new Reading(run.input, services);
    const { expressions } = services;
    return runActions(document.actions, failureMessage, { reading, missing, run, expressions, log: [] });
  },
});

/** As long as the policy is not changed, its actions are the same list. */
const documentOf = onceFor(readDocument);

/** Whether a value is nested deeper than that: found level by level, as no function can call itself so often. */
function isDeeperThan(levels: number, value: unknown): boolean {
  let level = [value];
  for (let depth = 0; depth <= levels && level.length > 0; depth += 1) {
    level = level.flatMap((within): unknown[] =>
      typeof within === 'object' && within !== null ? Object.values(within) : [],
    );
  }
  return level.length > 0;
}
