import 'reflect-metadata';

import { MapperKind, mapSchema } from '@graphql-tools/utils';
import { GraphQLObjectType, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLSchema } from 'graphql';

import { enforceAccessRules, ruleOf } from '../../src/graphql/access-rules.js';
import type { AccessRule } from '../../src/graphql/access-rules.js';
import { buildApi } from '../../src/graphql/schema.js';
import type { Access } from '../../src/identity/access.js';
import { permissionNames, withImplied } from '../../src/identity/permissions.js';
import type { Permission } from '../../src/identity/permissions.js';
import { Refusal } from '../../src/kernel/refusal.js';
import { policyKinds } from '../../src/policies/list.js';
import { stageKinds } from '../../src/stages/list.js';

const api = buildApi(stageKinds, policyKinds);
const NOW = new Date('2026-01-01T12:00:00Z');
const LONG_AGO = new Date('2025-01-01T12:00:00Z');

interface RuledField {
  readonly place: string;
  readonly field: GraphQLField<unknown, unknown>;
  readonly rule: AccessRule | undefined;
}

const fields = Object.values(api.getTypeMap())
  .filter((type) => isObjectType(type))
  .filter(({ name }) => !name.startsWith('__'))
  .flatMap((type) =>
    Object.values(type.getFields()).map(
      (field): RuledField => ({
        place: `${type.name}.${field.name}`,
        field,
        rule: ruleOf(field) ?? ruleOf(type),
      }),
    ),
  );

/** Asks for a field as graphql-js would, of an object that is not there: whoever is let through finds that out. */
async function ask({ field }: RuledField, access: () => Promise<Access>): Promise<string> {
  const context = {
    now: NOW,
    access,
    viewer: () => access().catch(() => null),
    forgetSender: () => undefined,
    catalogue: () => Promise.resolve({ installation: { recentAuthenticationSeconds: 900 } }),
    ownVisit: () => Promise.resolve({}),
    runner: { defaultFlow: () => Promise.resolve({ slug: 'prove-yourself' }) },
  };
  try {
    await Reflect.apply(field.resolve ?? Object, undefined, [undefined, {}, context, {}]);
  } catch (error) {
    if (error instanceof Refusal) return error.code;
  }
  return 'let through';
}

const somebodyWith =
  (permissions: readonly Permission[], authenticatedAt: Date, isStrongest = true) =>
  () =>
    Promise.resolve({
      userId: 'bob',
      apiTokenId: null,
      superuser: false,
      permissions: withImplied(permissions),
      authenticatedAt,
      isStrongest,
    });
const nobody = () => Promise.reject(new Refusal('UNAUTHENTICATED', 'Sign in first.'));
const allBut = (missing: Permission) => permissionNames.filter((one) => !withImplied([one]).has(missing));

describe('the rules of the schema', () => {
  it('are there for each field of each object type', () => {
    expect(fields.length).toBeGreaterThan(400);
    expect(fields.filter(({ rule }) => !rule).map(({ place }) => place)).toEqual([]);
  });

  it.each([
    'Query.flows',
    'Mutation.deleteGroup',
    'Subscription.flowExecutionChanged',
    'Group.name',
    'PageInfo.endCursor',
  ])('are missed where %s has none', (place) => {
    expect(() => enforceAccessRules(withoutRule(place))).toThrow(`${place} has no access rule`);
  });

  it('are never two, as where a class has one besides that of the class that it extends', () => {
    const extensions = { ...api.getType('FlowInfo')?.extensions, ...api.getType('Flow')?.extensions };
    expect(() => ruleOf({ name: 'Flow', extensions })).toThrow('Flow has, or inherits, two access rules');
  });

  it('let nobody through who is unknown, except where anybody may ask', async () => {
    const refused = await Promise.all(
      fields.map(async (one) => ((await ask(one, nobody)) === 'UNAUTHENTICATED' ? [one.place] : [])),
    );
    const restricted = fields.filter(({ rule }) => rule?.who === 'somebody' || rule?.who === 'permitted');
    expect(refused.flat()).toEqual(restricted.map(({ place }) => place));
    expect(restricted.length).toBeGreaterThan(100);
  });

  it('let nobody through who lacks one permission of several, whatever led there', async () => {
    for (const one of fields) {
      if (one.rule?.who !== 'permitted') continue;
      for (const missing of one.rule.permissions) {
        const answer = await ask(one, somebodyWith(allBut(missing), NOW));
        expect([one.place, missing, answer]).toEqual([one.place, missing, 'FORBIDDEN']);
      }
      const answer = await ask(one, somebodyWith(one.rule.permissions, NOW));
      expect([one.place, answer]).not.toEqual([one.place, 'FORBIDDEN']);
    }
  });

  it('let nobody through who has not proved lately, or not as strongly as they can, who they are, where that is asked for', async () => {
    const asking = await Promise.all(
      fields.map(async (one) =>
        (await ask(one, somebodyWith(permissionNames, LONG_AGO))) === 'STEP_UP_REQUIRED' ? [one.place] : [],
      ),
    );
    const recent = fields.filter(({ rule }) => rule && 'recent' in rule && rule.recent);
    expect(asking.flat()).toEqual(recent.map(({ place }) => place));
    const weak = await Promise.all(
      fields.map(async (one) =>
        (await ask(one, somebodyWith(permissionNames, NOW, false))) === 'STEP_UP_REQUIRED' ? [one.place] : [],
      ),
    );
    expect(weak.flat()).toEqual(recent.map(({ place }) => place));
    expect(recent.length).toBeGreaterThan(4);
  });
});

/** The schema as it would be if one field had been forgotten. */
function withoutRule(place: string): GraphQLSchema {
  const [forgetful] = place.split('.');
  return mapSchema(api, {
    [MapperKind.OBJECT_TYPE]: (type) =>
      type.name === forgetful ? new GraphQLObjectType({ ...type.toConfig(), extensions: {} }) : undefined,
    [MapperKind.OBJECT_FIELD]: (field, name, typeName) => {
      if (typeName !== forgetful) return undefined;
      if (`${typeName}.${name}` === place) return { ...field, extensions: {} };
      const own = ruleOf({ name, extensions: field.extensions ?? {} });
      return own ? field : { ...field, extensions: { ...api.getType(typeName)?.extensions } };
    },
  });
}
