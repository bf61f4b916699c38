import fc from 'fast-check';
import { z } from 'zod';

import { secretName } from '../../src/blueprints/secret-name.js';
import { valueInText } from '../../src/flow/prompt-values.js';
import type { JsonObject } from '../../src/kernel/json.js';
import { policyKinds } from '../../src/policies/list.js';
import { mapReferenceValues } from '../../src/stages/configuration.js';
import type { StageKindDefinition } from '../../src/stages/define.js';
import { stageKinds } from '../../src/stages/list.js';
import { secretFields } from '../../src/stages/secret.js';
import { ADMIN } from './administrator.js';
import { SERVICES } from './conditions.js';
import { everySample } from './sample.js';

/** What YAML, or whoever reads documents, could take for something else. */
const treacherous = [
  ...[
    'yes',
    'no',
    'null',
    '~',
    '1e3',
    '0x1F',
    '012',
    '2001-01-01',
    '12:30:45',
    '<<',
    '=',
    '- a',
    'a: b',
    '# a',
  ],
  ...['"', "'", '|', '>', '%a', '@a', '`', '*a', '&a', '!a', '{}', '[]', '...', '---', '$literal', 'stage:a'],
  ...[
    'two\nlines',
    'ends\n\n',
    ' begins',
    'ends ',
    '\ttab',
    'a\r\nb',
    'Straße',
    '漢字',
    '😀',
    '\u2028',
    '\u0085',
  ],
  ...['%(user)s', '${a}', '\\', '\u0007', 'a\uFEFF', '\u00A0a', 'a\u200Db', 'constructor', 'toString'],
];
const text = fc.constantFrom(...treacherous);
const name = fc.shuffledSubarray(
  treacherous.filter((value) => value.trim() !== ''),
  { minLength: 26 },
);
const order = fc.integer({ min: -5, max: 5 });

/** The secrets that stages of generated documents have, as an export calls them. */
export const SECRETS = stageKinds.flatMap((kind) =>
  secretFields(kind.config).map((field) => secretName(plainName(kind), field)),
);

function plainName(kind: StageKindDefinition): string {
  return `secretive-${kind.name}`;
}

const json = z.record(z.string(), z.json());

/** Worked out once and not for each document: they are thousands. */
const stageSamples = stageKinds.map((kind) => ({ kind, samples: validSamples(kind.config) }));
const policySamples = policyKinds.map((kind) => ({ kind, samples: soundSamples(kind) }));

/** A document of flows with a stage and a policy of each kind, that refer to each other, and odd texts everywhere. */
export const documents: fc.Arbitrary<JsonObject> = name.chain((names) => {
  const groups = names.slice(0, 2);
  const fields = names.slice(2, 5);
  const stageNames = new Map(
    stageKinds.map((kind, index) => [
      kind.name,
      secretFields(kind.config).length > 0 ? plainName(kind) : (names[index] ?? kind.name),
    ]),
  );
  const policyNames = policyKinds.map((kind, index) => names[index + 3] ?? kind.name);
  const slugs = ['generated-one', 'Generated_2', '3'];
  const one = (from: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...from);
  const guard = fc
    .tuple(
      fc.oneof(
        fc.record({ policy: one(policyNames) }),
        fc.record({ group: one(groups) }),
        fc.constant({ user: ADMIN.username }),
      ),
      order,
      fc.record({
        enabled: fc.boolean(),
        negate: fc.boolean(),
        failureResult: fc.boolean(),
        timeout: fc.constantFrom('PT1S', 'PT90S', 'PT5M'),
        expiresAt: fc.constantFrom(null, '2031-02-03T04:05:06.789Z', '2029-01-01T00:00:00+02:00'),
      }),
    )
    .map(([subject, at, rest]) => ({ ...subject, order: at, ...rest }));
  const guards = fc.uniqueArray(guard, {
    maxLength: 3,
    selector: ({ order: at, ...rest }) =>
      JSON.stringify([at, 'policy' in rest && rest.policy, 'group' in rest && rest.group]),
  });
  const place = fc.record({
    stage: one([...stageNames.values()]),
    order,
    evaluateOnPlan: fc.boolean(),
    reEvaluatePolicies: fc.constant(true),
    invalidResponseAction: fc.constantFrom('RETRY', 'RESTART', 'RESTART_WITH_CONTEXT'),
    policyEngineMode: fc.constantFrom('ANY', 'ALL'),
    policies: guards,
  });
  const places = fc.uniqueArray(place, {
    maxLength: 5,
    selector: (it) => JSON.stringify([it.stage, it.order]),
  });
  const flow = (slug: string) =>
    fc.record({
      flow: fc.constant(slug),
      name: text.filter((value) => value.trim() !== ''),
      title: text,
      designation: fc.constantFrom('ENROLLMENT', 'RECOVERY', 'STAGE_CONFIGURATION'),
      deniedAction: fc.constantFrom('MESSAGE', 'CONTINUE'),
      backgroundUrl: fc.constantFrom(null, '/a.png', 'https://example.com/a'),
      policies: guards,
      stages: places,
    });
  const field = (own: string) =>
    fc
      .record({
        promptField: fc.constant(own),
        key: fc.constantFrom('email', 'attributes.a.b'),
        label: text,
        type: fc.constantFrom('TEXT_AREA', 'STATIC', 'HIDDEN', 'ALERT_INFO'),
        required: fc.boolean(),
        placeholder: text,
        initialValue: text,
        order,
        helpText: text,
        initialValueExpression: fc.constantFrom(null, '// a\nreturn "a";\n', '"a"'),
      })
      .filter(({ type, initialValue }) => type !== 'TEXT_AREA' || canStandInText(initialValue));
  const stage = ({ kind, samples }: (typeof stageSamples)[number]) =>
    fc
      .tuple(
        fc.constantFrom(...samples),
        text,
        one(slugs),
        fc.subarray(fields, { minLength: 1 }),
        one(groups),
      )
      .map(([config, odd, slug, some, group]) => ({
        stage: stageNames.get(kind.name) ?? kind.name,
        kind: kind.name,
        config: {
          ...referring(kind, config, (to, kinds) => {
            const target = {
              flow: slug,
              group,
              policy: policyNames[0],
              stage: stageNames.get(kinds?.[0] ?? ''),
            };
            return to === 'promptField' ? (some[0] ?? '') : (target[to] ?? '');
          }),
          ...(kind.name === 'prompt' && { fieldIds: some.map((own) => ({ ref: `promptField:${own}` })) }),
          ...(kind.name === 'deny' && { message: odd }),
          ...(kind.name === 'consent' && { header: odd }),
        },
      }));
  const policy = ({ kind, samples }: (typeof policySamples)[number], own: string) =>
    fc.tuple(fc.constantFrom(...samples), text, fc.boolean()).map(([sample, odd, logging]) => ({
      policy: own,
      kind: kind.name,
      executionLogging: logging,
      config: {
        ...json.parse(sample),
        ...(kind.name === 'password' && { errorMessage: odd }),
        ...(kind.name === 'condition' && {
          failureMessage: odd,
          actions: [{ type: 'require', when: { policy: policyNames.find((other) => other !== own) ?? '' } }],
        }),
        ...(kind.name === 'expression' && {
          expression: `// ${odd.replaceAll(/\s|[\u0085\u2028]/g, ' ')}\nreturn true;\n`,
        }),
      },
    }));
  return fc
    .tuple(
      fc.tuple(...fields.map(field)),
      fc.tuple(...policySamples.map((one, index) => policy(one, policyNames[index] ?? one.kind.name))),
      fc.tuple(...stageSamples.map(stage)),
      fc.tuple(...slugs.map(flow)),
    )
    .map((entries): JsonObject => {
      const all = [...groups.map((group) => ({ group })), ...entries.flat()];
      return { stagedoor: 1, name: 'Generated', entries: all.map((entry) => json.parse(entry)) };
    });
});

function validSamples(config: StageKindDefinition['config']): Record<string, unknown>[] {
  return everySample(config).filter((sample) => config.safeParse(sample).success);
}

function soundSamples(kind: (typeof policyKinds)[number]): Record<string, unknown>[] {
  return validSamples(kind.config).filter((sample) => kind.problems(sample, SERVICES).length === 0);
}

type Target = Parameters<Parameters<typeof mapReferenceValues>[2]>[1];

/** With names in the place of ids, and secrets by name. */
function referring(
  kind: StageKindDefinition,
  config: Record<string, unknown>,
  nameOf: (to: Target['to'], kinds: Target['kinds']) => string,
): JsonObject {
  const named = mapReferenceValues(kind, config, (_id, { to, kinds }) => ({
    ref: `${to}:${nameOf(to, kinds)}`,
  }));
  const secrets = secretFields(kind.config).flatMap((field): [string, unknown][] =>
    config[field] == null ? [] : [[field, { secret: secretName(plainName(kind), field) }]],
  );
  return json.parse({ ...named, ...Object.fromEntries(secrets) });
}

/** A document that takes everything away that another one makes. */
export function withdrawn(document: JsonObject): JsonObject {
  const entries = z
    .array(json)
    .parse(document.entries)
    .map((entry) => Object.fromEntries(Object.entries(entry).slice(0, 1)));
  return { ...document, state: 'absent', entries };
}

/** What nobody could type into a field cannot stand in it at first. */
function canStandInText(value: string): boolean {
  return value === '' || valueInText({ type: 'TEXT_AREA', choices: [] }, value) !== undefined;
}
