import { GraphQLJSONObject } from 'graphql-scalars';
import { Arg, Field, ObjectType, Query, Resolver } from 'type-graphql';
import type { ClassType } from 'type-graphql';

import type { JsonObject } from '../../kernel/json.js';
import type { PolicyKindDefinition } from '../../policies/define.js';
import type {
  PolicyVocabulary as Vocabulary,
  OperatorWord,
  TargetWord,
  VariableWord,
} from '../../policies/vocabulary.js';
import { AsReached, Needs } from '../access-rules.js';
import { enumName } from '../kind-names.js';
import type { ConfigTypes } from '../types/config.js';

@AsReached()
@ObjectType({ description: 'Something that can be asked about.' })
class PolicyVariable implements VariableWord {
  @Field(() => String, { description: 'What it is called.' })
  name!: string;

  @Field(() => String, {
    description: 'What it is: string, number, boolean, datetime, ip, enum, list or any.',
  })
  type!: string;

  @Field(() => String, { description: 'What it tells.' })
  description!: string;

  @Field(() => Boolean, { description: 'Whether a parameter has to say which one of many is meant.' })
  takesParameter!: boolean;

  @Field(() => String, { nullable: true, description: 'What the parameter is; null where there is none.' })
  parameter!: string | null;

  @Field(() => [String], { description: 'Of an enum: all that it can be. Of anything else: empty.' })
  options!: readonly string[];
}

@AsReached()
@ObjectType({ description: 'A way to compare.' })
class PolicyOperator implements OperatorWord {
  @Field(() => String, { description: 'What it is called.' })
  name!: string;

  @Field(() => String, { description: 'When it holds.' })
  description!: string;

  @Field(() => [String], { description: 'The types of variables that have it.' })
  types!: readonly string[];

  @Field(() => String, {
    description:
      'What it compares with: none, same, list, text, pattern, range, duration, networks, item, items or count.',
  })
  operand!: string;

  @Field(() => String, { description: 'The same in a few words.' })
  operandDescription!: string;

  @Field(() => Boolean, { description: 'Whether `negate` may turn it round.' })
  negatable!: boolean;

  @Field(() => Boolean, { description: 'Whether `caseSensitive` makes a difference.' })
  caseSensitivity!: boolean;
}

@AsReached()
@ObjectType({ description: 'Something that a policy may write into an execution.' })
class PolicyWriteTarget implements TargetWord {
  @Field(() => String, {
    description: 'What it is called; where it ends in a dot, a key of your choice follows.',
  })
  name!: string;

  @Field(() => String, { description: 'What it is for, and what may be written there.' })
  description!: string;
}

@AsReached()
@ObjectType({
  description: 'All that policies of a kind are written with, for interfaces that help with it.',
})
class PolicyVocabulary implements Vocabulary {
  @Field(() => String, { description: 'The field of its configuration that is written in them.' })
  field!: string;

  @Field(() => [PolicyVariable], { description: 'What can be asked about.' })
  variables!: readonly VariableWord[];

  @Field(() => [PolicyOperator], { description: 'How it can be compared.' })
  operators!: readonly OperatorWord[];

  @Field(() => [PolicyWriteTarget], { description: 'What can be written.' })
  targets!: readonly TargetWord[];

  @Field(() => GraphQLJSONObject, { description: 'The form of what is written, as JSON Schema.' })
  schema!: JsonObject;
}

/** How policies are written as data, for administrators. */
export function policyVocabulary(configs: ConfigTypes, kinds: readonly PolicyKindDefinition[]): ClassType {
  @Resolver()
  class PolicyVocabularyResolver {
    @Needs('POLICY_VIEW')
    @Query(() => PolicyVocabulary, {
      nullable: true,
      description: 'What policies of a kind are written with; null for kinds that are not written as data.',
    })
    policyVocabulary(
      @Arg('kind', () => configs.kindEnum, { description: 'Which kind.' }) kind: string,
    ): Vocabulary | null {
      return kinds.find(({ name }) => enumName(name) === kind)?.vocabulary?.() ?? null;
    }
  }

  return PolicyVocabularyResolver;
}
