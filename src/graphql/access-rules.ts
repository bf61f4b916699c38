import { defaultFieldResolver, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLFieldResolver, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { Extensions } from 'type-graphql';

import type { Permission } from '../identity/permissions.js';
import { expectPermissions, expectRecentAuthentication, expectViewer } from './authorization.js';
import type { RequestContext } from './context.js';

/**
 * Who may ask for a field: anybody; whoever has reached the object that it belongs to; whoever is signed in; or
 * whoever has all of these permissions. `recent`: and has proved lately who they are, as strongly as they can.
 */
export type AccessRule =
  | { readonly who: 'anybody' }
  | { readonly who: 'whoever has reached it' }
  | { readonly who: 'somebody'; readonly recent: boolean }
  | { readonly who: 'permitted'; readonly permissions: readonly Permission[]; readonly recent: boolean };

type Guarded = GraphQLFieldResolver<unknown, RequestContext, Readonly<Record<string, unknown>>>;
type GuardedField = GraphQLField<unknown, RequestContext, Readonly<Record<string, unknown>>>;

/** Declares who may ask for a field, or for the fields of a type. */
export type RuleDecorator = ReturnType<typeof Extensions>;

/** For what flows show to their clients. */
export function Public(): RuleDecorator {
  return declared({ who: 'anybody' });
}

/** For parts of objects that have a rule of their own. */
export function AsReached(): RuleDecorator {
  return declared({ who: 'whoever has reached it' });
}

/** For what concerns the person who asks, and nobody else; no API token asks in their place. */
export function SignedIn({ recent = false } = {}): RuleDecorator {
  return declared({ who: 'somebody', recent });
}

/** For whoever has all of these permissions. */
export function Needs(...permissions: readonly [Permission, ...Permission[]]): RuleDecorator {
  return declared({ who: 'permitted', permissions, recent: false });
}

/** For whoever has all of these permissions, and has proved lately who they are, as strongly as they can. */
export function NeedsRecently(...permissions: readonly [Permission, ...Permission[]]): RuleDecorator {
  return declared({ who: 'permitted', permissions, recent: true });
}

const declarations = new Map<string, AccessRule>();

/** Each under a name of its own: of two under one name, a class and its base class's, type-graphql keeps the base's. */
function declared(rule: AccessRule): RuleDecorator {
  const name = `access rule ${declarations.size}`;
  declarations.set(name, rule);
  return Extensions({ [name]: true });
}

/**
 * The rule as it is declared on a field or a type. Two, of which one may be inherited, are a mistake.
 * @internal Tests compare it with their matrix.
 */
export function ruleOf({ name, extensions }: Ruled): AccessRule | undefined {
  const [rule, another] = Object.keys(extensions).flatMap((key) => declarations.get(key) ?? []);
  if (another) throw new Error(`${name} has, or inherits, two access rules`);
  return rule;
}

interface Ruled {
  readonly name: string;
  readonly extensions: object;
}

/**
 * Puts its rule before every field of the schema: its own, else that of its type. A field without any is a mistake in
 * the schema, and found when it is built.
 */
export function enforceAccessRules(schema: GraphQLSchema): void {
  for (const type of objectTypesOf(schema)) {
    const fields: Record<string, GuardedField> = type.getFields();
    for (const field of Object.values(fields)) {
      const rule = ruleOf(field) ?? ruleOf(type);
      if (!rule) throw new Error(`${type.name}.${field.name} has no access rule`);
      if (type === schema.getSubscriptionType() && rule.who !== 'anybody')
        throw new Error(`${field.name}: subscriptions are public, or not at all`);
      const resolve = guarded(rule, field.resolve ?? defaultFieldResolver);
      field.resolve = type === schema.getMutationType() ? anew(resolve) : resolve;
    }
  }
}

function objectTypesOf(schema: GraphQLSchema): GraphQLObjectType<unknown, RequestContext>[] {
  const found: GraphQLObjectType<unknown, RequestContext>[] = [];
  for (const type of Object.values(schema.getTypeMap())) {
    // Seam: graphql-js says `any` of what its types resolve from; ours resolve from what they check themselves.
    // type-coverage:ignore-next-line
    if (isObjectType(type) && !type.name.startsWith('__')) found.push(type); // eslint-disable-line @typescript-eslint/no-unsafe-argument -- see above
  }
  return found;
}

/** Each of several mutations in one document asks who it is from: an earlier one may have changed what they may do. */
function anew(resolve: Guarded): Guarded {
  return (source, args, context, info) => {
    context.forgetSender();
    return resolve(source, args, context, info);
  };
}

function guarded(rule: AccessRule, resolve: Guarded): Guarded {
  switch (rule.who) {
    case 'anybody':
    case 'whoever has reached it':
      return resolve;
    case 'somebody':
      return async (source, args, context, info) => {
        await expectViewer(context);
        if (rule.recent) await expectRecentAuthentication(context);
        return resolve(source, args, context, info);
      };
    case 'permitted':
      return async (source, args, context, info) => {
        await expectPermissions(context, rule.permissions);
        if (rule.recent) await expectRecentAuthentication(context);
        return resolve(source, args, context, info);
      };
  }
}
