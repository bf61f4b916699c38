import { z } from 'zod';

import type { JsonObject } from '../../kernel/json.js';
import { Refusal } from '../../kernel/refusal.js';
import type { FlowResponse } from '../../flow/engine.js';
import type { StageKindDefinition } from '../../stages/define.js';
import { inputType, oneOfInput } from '../derive.js';
import type { DerivedType } from '../derive.js';
import { onlyMember, plain } from '../input.js';
import { fieldName, typeName } from '../kind-names.js';

/** More answers than any flow asks for. */
const MOST_RESPONSES = 20;

/** The input that answers are written as, and how to read it. */
export interface ResponseTypes {
  readonly StageResponse: DerivedType;
  /** The answer, and the kind that it is for. */
  readonly responseOf: (input: object) => FlowResponse;
  readonly responsesOf: (inputs: readonly object[] | null | undefined) => FlowResponse[];
}

/** Derives it from the list of kinds. */
export function stageResponseTypes(kinds: readonly StageKindDefinition[]): ResponseTypes {
  const members = kinds.flatMap(({ name, interaction }) =>
    interaction?.response ? [{ name, response: interaction.response }] : [],
  );
  const StageResponse = oneOfInput(
    'StageResponse',
    "The answer to a challenge: exactly one field, the one that belongs to the challenge's kind.",
    members.map(({ name, response }) => ({
      key: fieldName(name),
      description: `Answers a challenge of the kind ${name}.`,
      type: inputType(typeName(name, 'Response'), `What to answer to ${name}.`, response),
    })),
  );
  const kindsByField = new Map(members.map(({ name }) => [fieldName(name), name]));

  function responseOf(input: object): FlowResponse {
    const { key, value } = onlyMember(plain(input), 'input.response');
    const kind = kindsByField.get(key);
    const data = jsonObject.safeParse(value);
    if (kind === undefined || !data.success) {
      const message = 'Exactly one kind of response must be given.';
      throw Refusal.badInput([{ path: 'input.response', code: 'INVALID', message }]);
    }
    return { kind, data: data.data };
  }

  return {
    StageResponse,
    responseOf,
    responsesOf(inputs) {
      if ((inputs?.length ?? 0) <= MOST_RESPONSES) return (inputs ?? []).map(responseOf);
      const message = `At most ${MOST_RESPONSES} responses may be sent along.`;
      throw Refusal.badInput([{ path: 'input.responses', code: 'TOO_MANY', message }]);
    },
  };
}

const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());
