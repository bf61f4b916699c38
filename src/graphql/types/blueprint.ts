import { GraphQLDateTime, GraphQLJSONObject } from 'graphql-scalars';
import { Field, InputType, Int, ObjectType } from 'type-graphql';

import type { JsonObject } from '../../kernel/json.js';
import type { BlueprintProblem as Problem } from '../../blueprints/problem.js';
import type { BlueprintAction as Action } from '../../blueprints/result.js';
import { AsReached } from '../access-rules.js';
import { BlueprintAction, BlueprintSeverity } from '../blueprint-enums.js';

@InputType({ description: 'A document of flows, and what to do with it.' })
export class ImportBlueprintInput {
  @Field(() => String, {
    description:
      'The document itself, YAML or JSON: in the format of blueprint.schema.json, or a blueprint of `version: 1` with its tags.',
  })
  document!: string;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'Values for the parameters that the document declares, by name.',
  })
  context?: JsonObject | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'True: say what would change, and change nothing.',
  })
  dryRun!: boolean;
}

@AsReached()
@ObjectType({ description: 'What a document does, or would do, to one object.' })
class BlueprintChange {
  @Field(() => BlueprintAction, { description: 'What is done to it.' })
  action!: Action;

  @Field(() => String, {
    description:
      'Which object, such as `stage:default-authentication-login`, or `flow:login / stage:password @ 20` for a place.',
  })
  object!: string;

  @Field(() => [String], {
    description:
      'Which of its fields are written, such as `title` or `config.userFields`; never what they hold.',
  })
  fields!: readonly string[];
}

@AsReached()
@ObjectType({ description: 'Something that whoever wrote a document should know of.' })
class BlueprintProblem {
  @Field(() => String, {
    description:
      'Where in the document, such as `entries[3].config.userFields`; empty for the document as a whole.',
  })
  path!: string;

  @Field(() => String, { description: 'What is wrong, for machines: see docs/codes.md.' })
  code!: string;

  @Field(() => String, { description: 'What is wrong, and what to do, for people.' })
  message!: string;

  @Field(() => BlueprintSeverity, { description: 'Whether it stands in the way.' })
  severity!: Problem['severity'];
}

@AsReached()
@ObjectType({ description: 'What a document has done, or would do; or everything that is wrong with it.' })
export class BlueprintResult {
  @Field(() => String, {
    nullable: true,
    description: 'What the document is called; null where it could not be read so far.',
  })
  name!: string | null;

  @Field(() => Boolean, {
    description:
      'Whether everything is as the document says. False for a dry run, and where there is an error.',
  })
  applied!: boolean;

  @Field(() => [BlueprintChange], {
    description:
      'What is done to which object, in the order of the document; nothing where there is an error.',
  })
  changes!: readonly object[];

  @Field(() => [BlueprintProblem], {
    description: 'Every one at once. With an error among them, nothing was applied.',
  })
  problems!: readonly object[];
}

@AsReached()
@ObjectType({ description: "A document in the operator's folder, and what has become of it." })
export class BlueprintFile {
  @Field(() => String, { description: 'Where it lies in the folder, such as `teams/engineering.yaml`.' })
  file!: string;

  @Field(() => Boolean, {
    description:
      'Whether it was there when a process looked last. What a document has made stays when it is gone.',
  })
  isPresent!: boolean;

  @Field(() => Boolean, { description: 'Whether it is applied as it was then.' })
  applied!: boolean;

  @Field(() => GraphQLDateTime, { description: 'When it was applied, or could not be.' })
  at!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'What the document is called; null where it could not be read so far.',
  })
  name!: string | null;

  @Field(() => Int, { description: 'How many objects it has made.' })
  created!: number;

  @Field(() => Int, { description: 'How many objects it has changed.' })
  updated!: number;

  @Field(() => Int, { description: 'How many objects it has deleted.' })
  deleted!: number;

  @Field(() => Int, { description: 'How many objects were already as it says.' })
  unchanged!: number;

  @Field(() => Int, { description: 'How many problems it has.' })
  problemCount!: number;

  @Field(() => [BlueprintProblem], { description: 'The first 20 of them.' })
  problems!: readonly object[];
}
