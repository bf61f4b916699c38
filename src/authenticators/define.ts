import { z } from 'zod';

import type { Json, JsonObject } from '../kernel/json.js';
import type { ObjectSchema } from '../kernel/object-schema.js';
import type {
  Authenticator,
  AuthenticatorKind,
  AuthenticatorRun,
  AuthenticatorTools,
  CheckAnswer,
  CheckOutcome,
  CheckRequest,
  NewAuthenticator,
  PasskeyDemands,
  SetupOutcome,
  SetupRun,
  SetupStep,
} from '../flow/authenticator-kind.js';
import type { AuthenticatorKindName } from '../flow/authenticator-kind-names.js';

/** An authenticator as the author of its kind sees it: with what the kind has noted of it. */
export type Typed<Data> = Omit<Authenticator, 'data'> & { readonly data: Data };

type TypedStep<Kept> = Omit<SetupStep, 'kept'> & { readonly kept: Kept };
type Refused = Extract<SetupOutcome, { type: 'refused' }>;

/** How setting up begins, or why it cannot. */
export type TypedSetupBeginning<Kept> =
  | { readonly type: 'step'; readonly step: TypedStep<Kept> }
  | { readonly type: 'denied'; readonly message: string };

/** What becomes of an answer while something is being set up. */
export type TypedSetupOutcome<Data, Kept> =
  | (Omit<Extract<SetupOutcome, { type: 'done' }>, 'authenticator'> & {
      readonly authenticator: Omit<NewAuthenticator, 'data'> & { readonly data: Data };
    })
  | { readonly type: 'step'; readonly step: TypedStep<Kept> }
  | (Omit<Refused, 'step'> & { readonly step: Omit<TypedStep<Kept>, 'effects'> | 'same' | 'anew' })
  | Extract<SetupOutcome, { type: 'denied' }>;

export type TypedCheckRequest<Kept> =
  | (Omit<Extract<CheckRequest, { type: 'requested' }>, 'kept'> & { readonly kept: Kept })
  | Exclude<CheckRequest, { type: 'requested' }>;

interface KindDefinition<
  Data extends ObjectSchema,
  Options extends ObjectSchema,
  Response extends ObjectSchema,
  SetupKept extends ObjectSchema,
  CheckKept extends ObjectSchema,
> extends Pick<AuthenticatorKind, 'name' | 'description' | 'answeredBy' | 'keyOf'> {
  readonly name: AuthenticatorKindName;
  /** What is noted of an authenticator; no secret. */
  readonly data: Data;
  /** What a setup stage can decide. */
  readonly options: Options;
  /** What can be answered while it is set up, as the stage that asks has checked it. */
  readonly response: Response;
  /** What has to be known until then. */
  readonly setupKept: SetupKept;
  /** What has to be known until a request is answered. */
  readonly checkKept: CheckKept;
  hint(authenticator: Typed<z.infer<Data>>): string | null;
  begin(
    run: TypedSetupRun<z.infer<Data>>,
    options: z.infer<Options>,
  ): Promise<TypedSetupBeginning<z.infer<SetupKept>>>;
  setUp(
    run: TypedSetupRun<z.infer<Data>>,
    options: z.infer<Options>,
    kept: z.infer<SetupKept>,
    response: z.infer<Response>,
  ): Promise<TypedSetupOutcome<z.infer<Data>, z.infer<SetupKept>>>;
  meets(authenticator: Typed<z.infer<Data>>, demands: PasskeyDemands, tools: AuthenticatorTools): boolean;
  request(
    run: AuthenticatorRun,
    authenticators: readonly Typed<z.infer<Data>>[],
    demands: PasskeyDemands,
  ): Promise<TypedCheckRequest<z.infer<CheckKept>>>;
  check(
    run: AuthenticatorRun,
    authenticator: Typed<z.infer<Data>>,
    answer: CheckAnswer,
    kept: z.infer<CheckKept> | null,
    demands: PasskeyDemands,
  ): Promise<CheckOutcome>;
}

export type TypedSetupRun<Data> = Omit<SetupRun, 'existing'> & { readonly existing: readonly Typed<Data>[] };

/** A kind as lists and contract tests see it. */
export interface AuthenticatorKindDefinition extends AuthenticatorKind {
  readonly data: ObjectSchema;
  readonly options: ObjectSchema;
  readonly response: ObjectSchema;
}

/** An authenticator kind. What is kept as JSON is checked before its author sees it, and when they hand it back. */
export function defineAuthenticator<
  Data extends ObjectSchema,
  Options extends ObjectSchema,
  Response extends ObjectSchema,
  SetupKept extends ObjectSchema,
  CheckKept extends ObjectSchema,
>(kind: KindDefinition<Data, Options, Response, SetupKept, CheckKept>): AuthenticatorKindDefinition {
  const { name, description, answeredBy, data, options, response } = kind;
  const typed = (authenticator: Authenticator): Typed<z.infer<Data>> => ({
    ...authenticator,
    data: data.parse(authenticator.data),
  });
  const typedRun = (run: SetupRun): TypedSetupRun<z.infer<Data>> => ({
    ...run,
    existing: run.existing.map(typed),
  });
  const stored = (schema: ObjectSchema, value: unknown): JsonObject => jsonOf(schema.parse(value));
  return {
    ...{ name, description, answeredBy, data, options, response },
    hint: (authenticator) => kind.hint(typed(authenticator)),
    async begin(run, given) {
      const begun = await kind.begin(typedRun(run), options.parse(given));
      if (begun.type === 'denied') return begun;
      return { ...begun, step: { ...begun.step, kept: stored(kind.setupKept, begun.step.kept) } };
    },
    async setUp(run, given, kept, raw) {
      const [known, answer] = [kind.setupKept.parse(kept), response.parse(raw)];
      const outcome = await kind.setUp(typedRun(run), options.parse(given), known, answer);
      switch (outcome.type) {
        case 'done': {
          const { authenticator } = outcome;
          return { ...outcome, authenticator: { ...authenticator, data: stored(data, authenticator.data) } };
        }
        case 'step':
          return { ...outcome, step: { ...outcome.step, kept: stored(kind.setupKept, outcome.step.kept) } };
        case 'refused': {
          const { step } = outcome;
          if (typeof step === 'string') return { ...outcome, step };
          return { ...outcome, step: { ...step, kept: stored(kind.setupKept, step.kept) } };
        }
        case 'denied':
          return outcome;
      }
    },
    meets: (authenticator, demands, tools) => kind.meets(typed(authenticator), demands, tools),
    async request(run, authenticators, demands) {
      const requested = await kind.request(run, authenticators.map(typed), demands);
      return requested.type === 'requested'
        ? { ...requested, kept: stored(kind.checkKept, requested.kept) }
        : requested;
    },
    keyOf: (answer) => kind.keyOf(answer),
    check(run, authenticator, answer, kept, demands) {
      const known = kept && kind.checkKept.parse(kept);
      return kind.check(run, typed(authenticator), answer, known, demands);
    },
  };
}

const jsonValue: z.ZodType<Json> = z.json();

function jsonOf(value: Record<string, unknown>): JsonObject {
  return z.record(z.string(), jsonValue).parse(value);
}
