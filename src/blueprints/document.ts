import { z } from 'zod';

import { momentText } from '../kernel/moment.js';
import type { ObjectSchema } from '../kernel/object-schema.js';
import {
  flowFields,
  groupFields,
  policyBindingFields,
  policyName,
  promptFieldFields,
  stageBindingFields,
  stageName,
} from '../flow/definition-rules.js';
import { invitationFields } from '../flow/invitation-rules.js';

/** What is to be true of an object once the document has been applied. */
export const states = {
  present: 'It is there, with what is said here; what is not mentioned stays as it is.',
  created: 'It is there: made where it is missing, otherwise left alone.',
  'must-created': 'It is made; the document cannot be applied where it is there already.',
  absent: 'It is not there.',
} as const;

export type State = keyof typeof states;

const state = z
  .enum(['present', 'created', 'must-created', 'absent'])
  .meta({ values: states })
  .optional()
  .describe('What is to be true of it afterwards. Default: what the document says, else present.');

/** Evaluated by the time that entries are checked. */
const when = z
  .boolean()
  .default(true)
  .describe('A condition: where it does not hold, it is as if this did not stand here. Default: true.');

type Mentioned<T extends ObjectSchema> = {
  [Key in keyof T['shape']]: z.ZodOptional<WithoutDefault<T['shape'][Key]>>;
};

/** Fields that are only checked where they are mentioned, and have no value of their own otherwise. */
function mentioned<T extends ObjectSchema>(schema: T): Mentioned<T>;
function mentioned(schema: ObjectSchema): object {
  return Object.fromEntries(
    Object.entries(schema.shape).map(([key, field]) => [key, unwrapped(field).optional()]),
  );
}

type WithoutDefault<T extends z.core.$ZodType> = T extends z.ZodDefault<infer Inner> ? Inner : T;

function unwrapped(schema: z.core.$ZodType): z.ZodType {
  const inner = schema instanceof z.ZodDefault ? schema.unwrap() : schema;
  if (!(inner instanceof z.ZodType)) throw new Error('a schema of another making');
  // A description is kept by the outermost schema.
  const description = schema instanceof z.ZodType ? schema.description : undefined;
  return description === undefined ? inner : inner.describe(description);
}

const config = z.record(z.string(), z.unknown());
const { name: groupName, superuser } = groupFields.shape;
const { name: promptFieldName, ...promptField } = mentioned(promptFieldFields);
const { slug } = flowFields.shape;
const { slug: _slug, ...flow } = mentioned(flowFields);
const {
  flowId: _flowId,
  lifetime: _lifetime,
  name: _invitationName,
  ...invitation
} = mentioned(invitationFields);
const { order: bindingOrder, ...guard } = mentioned(policyBindingFields);
const { order: placeOrder, ...place } = mentioned(stageBindingFields);

/** What guards a flow, or a stage in one, known by what is asked: a policy, or membership of a group, or being somebody. */
export const guardEntry = z
  .strictObject({
    policy: policyName.optional().describe('The policy that is asked, by name.'),
    group: groupName.optional().describe('The group that people have to be in, by name.'),
    user: z.string().min(1).max(200).optional().describe('The person that it has to be, by username.'),
    order: policyBindingFields.shape.order,
    state,
    when,
    ...guard,
  })
  .refine(
    ({ policy, group, user }) => [policy, group, user].filter((one) => one !== undefined).length === 1,
    {
      error: 'Exactly one of policy, group and user must be given.',
      params: { code: 'REQUIRED' },
    },
  );

/** A stage's place in a flow: known by the stage and the order. */
export const placeEntry = z.strictObject({
  stage: stageName.describe('The stage, by name.'),
  order: stageBindingFields.shape.order,
  state,
  when,
  ...place,
  policies: z.array(guardEntry).optional().describe('What guards the stage here.'),
});

const groupEntry = z.strictObject({
  group: groupName,
  state,
  when,
  superuser: superuser.unwrap().optional().describe('Whether its members may do everything.'),
  parents: z.array(groupName).max(100).optional().describe('The groups that it lies within, by name.'),
});
const promptFieldEntry = z.strictObject({
  promptField: promptFieldFields.shape.name,
  state,
  when,
  ...promptField,
});
const policyEntry = z.strictObject({
  policy: policyName,
  kind: z.string().optional().describe('Of which kind it is; needed where it is made.'),
  state,
  when,
  executionLogging: z.boolean().optional().describe('Whether each evaluation is recorded.'),
  config: config.optional().describe('What to decide about it: as its kind says.'),
});
const stageEntry = z.strictObject({
  stage: stageName,
  kind: z.string().optional().describe('Of which kind it is; needed where it is made.'),
  state,
  when,
  config: config.optional().describe('What to decide about it: as its kind says.'),
});
const flowEntry = z.strictObject({
  flow: slug,
  state,
  when,
  ...flow,
  prune: z
    .boolean()
    .default(false)
    .describe(
      'Whether what is not listed here is taken out: of `stages`, and of each `policies` that is given. Default: false.',
    ),
  stages: z.array(placeEntry).optional().describe('Its stages, each with its place.'),
  policies: z.array(guardEntry).optional().describe('What guards the flow.'),
});
const invitationEntry = z.strictObject({
  invitation: invitationFields.shape.name,
  state,
  when,
  flow: slug.nullable().optional().describe('The only flow that it is good for, by slug; null for any.'),
  ...invitation,
  expiresAt: momentText
    .nullable()
    .optional()
    .describe('Until when it is good; null for ever. Where it is made: in seven days.'),
});

/** What each kind of entry is: the key that names the object says which one it is. */
export const entrySchemas = {
  group: groupEntry,
  promptField: promptFieldEntry,
  policy: policyEntry,
  stage: stageEntry,
  flow: flowEntry,
  invitation: invitationEntry,
} as const;

export type EntryType = keyof typeof entrySchemas;

export const entryTypes = [
  'group',
  'promptField',
  'policy',
  'stage',
  'flow',
  'invitation',
] as const satisfies readonly EntryType[];

export type GroupEntry = z.infer<typeof groupEntry>;
export type PromptFieldEntry = z.infer<typeof promptFieldEntry>;
export type PolicyEntry = z.infer<typeof policyEntry>;
export type StageEntry = z.infer<typeof stageEntry>;
export type FlowEntry = z.infer<typeof flowEntry>;
export type PlaceEntry = z.infer<typeof placeEntry>;
export type GuardEntry = z.infer<typeof guardEntry>;
export type InvitationEntry = z.infer<typeof invitationEntry>;

/** In the configuration of a stage, at a field that names another object. */
export const referenceValue = z.strictObject({
  ref: z
    .string()
    .regex(/^(stage|flow|group|promptField|policy):.+$/su, {
      error: 'Must be stage:, flow:, group:, promptField: or policy: and a name.',
    })
    .describe('The object that is meant, such as `stage:default-authentication-password`.'),
});

/** In the configuration of a stage, at a field that holds a secret. */
export const secretValue = z.strictObject({
  secret: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{0,99}$/, { error: 'Must be capital letters, digits and underscores.' })
    .describe(
      'The name of the secret: the operator says what it is, by STAGEDOOR_BLUEPRINT_SECRET_ and this name.',
    ),
});

/** The number of the format that this version reads and writes. */
export const FORMAT = 1;

export const documentHead = z.strictObject({
  stagedoor: z.literal(FORMAT).describe('The version of the format.'),
  name: z.string().min(1).max(200).describe('What the document is called.'),
  description: z.string().max(10_000).optional().describe('What it is for.'),
  state: state.describe('The state of all entries that have none of their own. Default: present.'),
  parameters: z.unknown().optional().describe('What can be decided when the document is applied, by name.'),
  entries: z.array(z.unknown()).describe('The objects, in any order.'),
});
