import type { Selectable } from 'kysely';
import { z } from 'zod';

import type { JsonObject } from '../kernel/json.js';
import { Secret } from '../kernel/secret.js';
import { Context } from '../flow/context.js';
import { invalidResponseActions } from '../flow/definition.js';
import type { Execution, FlowStep } from '../flow/execution.js';
import type { GivenResult } from '../flow/execution-store.js';
import { denialCodes } from '../flow/outcome.js';
import type { DenialCode } from '../flow/outcome.js';
import type { KeyRing } from '../identity/key-ring.js';
import { moment } from './tables.js';
import type { Tables } from './tables.js';

type ExecutionColumns = Selectable<Tables['execution']>;

const json = z.json();
const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);
const message = z.strictObject({ level: z.enum(['INFO', 'SUCCESS', 'WARNING', 'ERROR']), text: z.string() });
const proofs = z.array(z.enum(['pwd', 'enrollment', 'token']));
const session = z.strictObject({
  id: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  amr: z.array(z.string()),
  aal: z.number(),
});

const step: z.ZodType<FlowStep> = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('challenge'),
    id: z.string(),
    kind: z.string(),
    stageName: z.string(),
    errors: z.array(
      z.strictObject({
        field: z.string().nullable(),
        code: z.string(),
        message: z.string(),
        retryAt: z.string().nullable(),
      }),
    ),
    messages: z.array(message),
    user: z.strictObject({ displayName: z.string(), avatarUrl: z.string().nullable() }).nullable(),
    data: jsonObject,
  }),
  z.strictObject({
    type: z.literal('completed'),
    redirectTo: z.string().nullable(),
    messages: z.array(message),
    session: session.nullable(),
  }),
  z.strictObject({
    type: z.literal('denied'),
    code: z.string().refine(isDenialCode),
    message: z.string(),
    redirectTo: z.string().nullable(),
    supportId: z.string(),
  }),
  z.strictObject({ type: z.literal('cancelled'), redirectTo: z.string().nullable() }),
]);

/** What is kept in the open. Its version changes with its form. */
const state = z.strictObject({
  version: z.literal(1),
  next: z.string().nullable(),
  plan: z.array(
    z.strictObject({
      bindingId: z.string(),
      stageId: z.string(),
      reEvaluatePolicies: z.boolean(),
      invalidResponseAction: z.enum(invalidResponseActions),
    }),
  ),
  planned: z.array(z.string()),
  trail: z.array(
    z.strictObject({
      bindingId: z.string(),
      outcome: z.enum(['passed', 'skipped']),
      userId: z.string().nullable(),
      proofs,
    }),
  ),
  context: jsonObject,
  messages: z.array(message),
  loginBlocked: z.array(z.string()).nullable(),
  session: session.nullable(),
});

const sealedState = z.strictObject({ secrets: jsonObject, step });

const sealedResult = z.strictObject({
  step,
  issued: z.strictObject({ token: z.string(), expiresAt: z.string(), persistent: z.boolean() }).nullable(),
  signedOut: z.boolean(),
});

/** Turns executions into rows and back. What is read is checked: a row that does not fit is a fault. */
export class ExecutionCodec {
  constructor(private readonly keys: KeyRing) {}

  /** The columns that change from request to request. */
  encode(execution: Execution): Pick<ExecutionColumns, 'challenge_id' | 'state' | 'sealed'> {
    const { id, next, plan, planned, trail, context, messages, loginBlocked, session: opened } = execution;
    const open = {
      version: 1,
      next,
      plan,
      planned,
      trail,
      context: context.open,
      messages,
      loginBlocked,
      session: opened,
    };
    const sealed = { secrets: context.secret, step: execution.step };
    return {
      challenge_id: execution.step.type === 'challenge' ? execution.step.id : null,
      state: jsonObject.parse(open),
      sealed: this.keys.seal(JSON.stringify(sealed), `execution ${id}`),
    };
  }

  decode(row: ExecutionColumns): Execution {
    const open = state.parse(row.state);
    const sealed = sealedState.parse(JSON.parse(this.keys.open(row.sealed, `execution ${row.id}`)));
    const { version: _version, context, ...rest } = open;
    return {
      ...rest,
      id: row.id,
      supportId: row.support_id,
      flowId: row.flow_id,
      client: row.client,
      context: new Context(context, sealed.secrets),
      step: sealed.step,
      expiresAt: moment(row.expires_at),
    };
  }

  encodeResult(executionId: string, challengeId: string, given: GivenResult): string {
    const { issued } = given;
    const plain = {
      ...given,
      issued: issued && {
        ...issued,
        token: issued.token.reveal(),
        expiresAt: issued.expiresAt.toISOString(),
      },
    };
    return this.keys.seal(JSON.stringify(plain), `answer ${executionId} ${challengeId}`);
  }

  decodeResult(executionId: string, challengeId: string, sealed: string): GivenResult {
    const plain = this.keys.open(sealed, `answer ${executionId} ${challengeId}`);
    const { step: given, issued, signedOut } = sealedResult.parse(JSON.parse(plain));
    return {
      step: given,
      issued: issued && { ...issued, token: new Secret(issued.token), expiresAt: new Date(issued.expiresAt) },
      signedOut,
    };
  }
}

function isDenialCode(code: string): code is DenialCode {
  return Object.hasOwn(denialCodes, code);
}
