import { sql } from 'kysely';
import type { RawBuilder, Selectable } from 'kysely';
import { z } from 'zod';

import type { JsonObject } from '../kernel/json.js';
import { Secret } from '../kernel/secret.js';
import { Context } from '../flow/context.js';
import { pendingUserKey } from '../flow/context-keys.js';
import type { Execution, FlowStep, IssuedToken, Suspension } from '../flow/execution.js';
import type { GivenResult } from '../flow/execution-store.js';
import { statusOf } from '../flow/inspected-execution.js';
import { denialCodes } from '../flow/outcome.js';
import type { DenialCode } from '../flow/outcome.js';
import type { KeyRing } from '../identity/key-ring.js';
import { decodePosition, encodePosition, storedPosition } from './position-codec.js';
import type { StoredPosition } from './position-codec.js';
import { moment } from './tables.js';
import type { Tables } from './tables.js';

export type ExecutionColumns = Selectable<Tables['execution']>;

const json = z.json();
const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), json);
const message = z.strictObject({ level: z.enum(['INFO', 'SUCCESS', 'WARNING', 'ERROR']), text: z.string() });
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

/** What can be put aside, less what is secret. */
const suspension = z.strictObject({
  ...storedPosition,
  next: z.string().nullable(),
  context: jsonObject,
  messages: z.array(message),
  outer: z.array(z.strictObject({ ...storedPosition, context: jsonObject.nullable() })),
});

/** What is kept in the open. Its version changes with its form. */
const state = z.strictObject({
  ...suspension.omit({ flowId: true, flowVersion: true }).shape,
  version: z.literal(2),
  startedBy: z.string().nullable(),
  session: session.nullable(),
});

/** The secrets of the context, and of each outer flow that has a context of its own. */
const secrets = z.strictObject({ context: jsonObject, outer: z.array(jsonObject.nullable()) });
type Secrets = z.infer<typeof secrets>;

const issued = z.strictObject({ token: z.string(), expiresAt: z.string(), persistent: z.boolean() });

const sealedState = z.strictObject({ secrets, step, undelivered: issued.nullable() });
const sealedSuspension = z.strictObject({ secrets, suspension });

const browserToken = z.strictObject({ token: z.string(), expiresAt: z.string() });

const sealedResult = z.strictObject({
  step,
  issued: issued.nullable(),
  signedOut: z.boolean(),
  // Results from before there were any have none.
  remembered: browserToken.nullable().default(null),
});

/** The columns that change from request to request. */
interface ChangingColumns
  extends Pick<
    ExecutionColumns,
    'flow_id' | 'flow_version' | 'challenge_id' | 'sealed' | 'status' | 'user_id'
  > {
  readonly state: RawBuilder<JsonObject>;
}

/** Turns executions into rows and back. What is read is checked: a row that does not fit is a fault. */
export class ExecutionCodec {
  constructor(private readonly keys: KeyRing) {}

  encode(execution: Execution): ChangingColumns {
    const { id, flowId, flowVersion, startedBy, session: opened, step: current, undelivered } = execution;
    const { flowId: _flowId, flowVersion: _flowVersion, ...open } = openPart(execution);
    const sealed = {
      secrets: secretPart(execution),
      step: current,
      undelivered: undelivered && revealed(undelivered),
    };
    return {
      flow_id: flowId,
      flow_version: flowVersion,
      challenge_id: current.type === 'challenge' ? current.id : null,
      status: statusOf(current),
      user_id: userOf(execution),
      // What is long is turned into text once, and not looked through before: it is ours.
      state: sql`${JSON.stringify({ version: 2, startedBy, ...open, session: opened })}::jsonb`,
      sealed: this.keys.seal(JSON.stringify(sealed), `execution ${id}`),
    };
  }

  decode(row: ExecutionColumns): Execution {
    const { version: _version, startedBy, session: opened, ...open } = state.parse(row.state);
    const sealed = sealedState.parse(JSON.parse(this.keys.open(row.sealed, `execution ${row.id}`)));
    return {
      ...joined({ ...open, flowId: row.flow_id, flowVersion: row.flow_version }, sealed.secrets),
      id: row.id,
      supportId: row.support_id,
      client: row.client,
      startedBy,
      session: opened,
      undelivered: sealed.undelivered && concealed(sealed.undelivered),
      step: sealed.step,
      expiresAt: moment(row.expires_at),
    };
  }

  /** As a text that only the flow token with this id can be opened with. */
  encodeSuspension(tokenId: string, suspended: Suspension): string {
    const plain = { secrets: secretPart(suspended), suspension: openPart(suspended) };
    return this.keys.seal(JSON.stringify(plain), `flow token ${tokenId}`);
  }

  decodeSuspension(tokenId: string, sealed: string): Suspension {
    const plain = sealedSuspension.parse(JSON.parse(this.keys.open(sealed, `flow token ${tokenId}`)));
    return joined(plain.suspension, plain.secrets);
  }

  encodeResult(executionId: string, challengeId: string, given: GivenResult): string {
    const { step: shown, issued: session, signedOut, remembered: browser } = given;
    const plain: z.infer<typeof sealedResult> = {
      ...{ step: shown, signedOut },
      issued: session && revealed(session),
      remembered: browser && {
        token: browser.token.reveal(),
        expiresAt: browser.expiresAt.toISOString(),
      },
    };
    return this.keys.seal(JSON.stringify(plain), `answer ${executionId} ${challengeId}`);
  }

  decodeResult(executionId: string, challengeId: string, sealed: string): GivenResult {
    const plain = this.keys.open(sealed, `answer ${executionId} ${challengeId}`);
    const { step: given, issued: token, signedOut, remembered } = sealedResult.parse(JSON.parse(plain));
    const browser = remembered && {
      token: new Secret(remembered.token),
      expiresAt: new Date(remembered.expiresAt),
    };
    return { step: given, issued: token && concealed(token), signedOut, remembered: browser };
  }
}

/** A suspension as it is kept, less what is secret in it. */
type OpenSuspension = StoredPosition &
  Pick<Suspension, 'next' | 'messages'> & {
    readonly context: JsonObject;
    readonly outer: readonly (StoredPosition & { readonly context: JsonObject | null })[];
  };

function openPart(suspended: Suspension): OpenSuspension {
  const { next, context, messages, outer } = suspended;
  return {
    ...encodePosition(suspended),
    ...{ next, messages },
    context: context.open,
    outer: outer.map((flow) => ({ ...encodePosition(flow), context: flow.context?.open ?? null })),
  };
}

function secretPart({ context, outer }: Suspension): Secrets {
  return { context: context.secret, outer: outer.map((flow) => flow.context?.secret ?? null) };
}

function joined(open: OpenSuspension, sealed: Secrets): Suspension {
  const { next, messages, context, outer, ...position } = open;
  return {
    ...decodePosition(position),
    ...{ next, messages },
    context: new Context(context, sealed.context),
    outer: outer.map(({ context: own, ...flow }, index) => ({
      ...decodePosition(flow),
      context: own && new Context(own, sealed.outer[index] ?? {}),
    })),
  };
}

function revealed({ token, expiresAt, persistent }: IssuedToken): z.infer<typeof issued> {
  return { token: token.reveal(), expiresAt: expiresAt.toISOString(), persistent };
}

function concealed({ token, expiresAt, persistent }: z.infer<typeof issued>): IssuedToken {
  return { token: new Secret(token), expiresAt: new Date(expiresAt), persistent };
}

/** Whom an execution is about: nobody, where somebody is pretended. */
function userOf({ context, startedBy }: Execution): string | null {
  const pending = context.get(pendingUserKey);
  return pending ? pending.id : startedBy;
}

function isDenialCode(code: string): code is DenialCode {
  return Object.hasOwn(denialCodes, code);
}
