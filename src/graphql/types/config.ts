import { createUnionType, registerEnumType } from 'type-graphql';

import type { ObjectSchema } from '../../kernel/object-schema.js';
import type { RuleDecorator } from '../access-rules.js';
import { inputType, oneOfInput, outputType } from '../derive.js';
import type { DerivedType } from '../derive.js';
import { enumName, fieldName, typeName } from '../kind-names.js';
import { withoutSecrets } from '../../stages/secret.js';
import { tagOf, tagged } from '../tag.js';

/** A kind, as far as its configuration goes. */
interface ConfigurableKind {
  readonly name: string;
  readonly description: string;
  readonly config: ObjectSchema;
}

/** The types that configurations of one family of kinds are written and read as. */
export interface ConfigTypes {
  readonly kindEnum: Record<string, string>;
  readonly union: object;
  readonly input: DerivedType;
  /** The kind that a member of the input belongs to. */
  kindOf(member: string): string;
  /** What is stored, as a member of the union. What was stored before a field was there has that field's default. */
  shown(stored: { readonly kind: string; readonly config: object }): object;
}

/** Derives them from the list of kinds. `role` is what type names end in, such as `Config`. */
export function configTypes(
  family: 'Stage' | 'Policy',
  role: string,
  access: RuleDecorator,
  kinds: readonly ConfigurableKind[],
): ConfigTypes {
  const kindEnum = Object.fromEntries(kinds.map((kind) => [enumName(kind.name), enumName(kind.name)]));
  const valuesConfig = Object.fromEntries(
    kinds.map((kind) => [enumName(kind.name), { description: kind.description }]),
  );
  registerEnumType(kindEnum, {
    name: `${family}Kind`,
    description: `Every kind of ${family.toLowerCase()} there is.`,
    valuesConfig,
  });
  const outputs = kinds.map((kind) =>
    outputType(typeName(kind.name, role), kind.description, kind.config, access),
  );
  const union = createUnionType({
    name: `${family}Config`,
    description: `The configuration of a ${family.toLowerCase()}, by its kind.`,
    types: () => outputs,
    resolveType: tagOf,
  });
  const input = oneOfInput(
    `${family}ConfigInput`,
    `The configuration of a ${family.toLowerCase()}: exactly one field, named after its kind. What is left out has its default, or keeps its value.`,
    kinds.map((kind) => ({
      key: fieldName(kind.name),
      description: kind.description,
      type: inputType(typeName(kind.name, `${role}Input`), kind.description, kind.config, { partial: true }),
    })),
  );
  const byField = new Map(kinds.map((kind) => [fieldName(kind.name), kind.name]));
  return {
    kindEnum,
    union,
    input,
    kindOf(member) {
      const kind = byField.get(member);
      if (kind === undefined) throw new Error(`no ${family} kind has the field ${member}`);
      return kind;
    },
    shown({ kind: name, config }) {
      const kind = kinds.find((candidate) => candidate.name === name);
      const parsed = kind?.config.safeParse(config);
      const complete = parsed?.success === true ? parsed.data : { ...config };
      return tagged(kind ? withoutSecrets(kind.config, complete) : complete, typeName(name, role));
    },
  };
}
