import { z } from 'zod';

import type { Json, JsonObject } from '../kernel/json.js';
import { isStorableText } from '../kernel/text.js';
import { unstorableTexts } from '../kernel/storable.js';
import type { ContextChange } from './context.js';
import { denyMessageKey, notesKey, promptDataKey, redirectTargetKey } from './context-keys.js';

const LONGEST_NOTE = 10_000;
const MOST_ENTRIES = 100;

const text = (longest: number) => z.string().max(longest).refine(isStorableText);
const collected = z.union([text(2000), z.number(), z.boolean()]);

/**
 * What policies may write into an execution's context, and nothing else: who the flow is about, and what was proved, are
 * not for them to say. The names that end in a dot are followed by a key of the author's choice.
 */
export const policyTargets = {
  denyMessage: 'What a deny stage says instead of its own message: text of at most 500 characters.',
  redirectTarget:
    'Where a redirect stage leads instead: flow: and a slug, a path on the public origin, or an address whose origin is allowed.',
  'promptData.':
    'What a prompt field with this key has collected: text of at most 2000 characters, a number, true or false.',
  'notes.':
    'Anything at all that later policies can read as context.notes: JSON of at most 10,000 characters.',
} as const;

type Target = keyof typeof policyTargets;

const forms = {
  'promptData.': /^(?=.{1,100}$)[a-zA-Z][a-zA-Z0-9_]*(\.[a-zA-Z][a-zA-Z0-9_]*){0,9}$/,
  'notes.': /^[a-zA-Z][a-zA-Z0-9_]{0,99}$/,
};

/** Whether policies may write there. */
export function isPolicyTarget(target: string): boolean {
  return parse(target) !== undefined;
}

/** The change that writes a value there. Throws, in words for the policy's author, where that may not be. */
export function policyWrite(context: JsonObject, target: string, value: Json): ContextChange {
  const parsed = parse(target);
  if (!parsed) throw new Error(`${target} is not something that a policy may write`);
  switch (parsed.target) {
    case 'denyMessage':
      return denyMessageKey.to(checked(text(500).min(1), value, target));
    case 'redirectTarget':
      return redirectTargetKey.to(checked(text(2048).min(1), value, target));
    case 'promptData.': {
      const before = promptDataKey.read(context[promptDataKey.name]);
      return promptDataKey.to(entry(before, parsed.key, checked(collected, value, target)));
    }
    case 'notes.': {
      const tooLong = JSON.stringify(value).length > LONGEST_NOTE;
      if (tooLong || unstorableTexts(value).length > 0) throw unfit(target);
      return notesKey.to(entry(notesKey.read(context[notesKey.name]), parsed.key, z.json().parse(value)));
    }
  }
}

function parse(target: string): { readonly target: Target; readonly key: string } | undefined {
  if (target === 'denyMessage' || target === 'redirectTarget') return { target, key: '' };
  for (const prefix of ['promptData.', 'notes.'] as const) {
    const rest = target.slice(prefix.length);
    if (target.startsWith(prefix) && forms[prefix].test(rest)) return { target: prefix, key: rest };
  }
  return undefined;
}

function entry<T extends z.core.util.JSONType>(
  before: Readonly<Record<string, T>> | undefined,
  name: string,
  value: NoInfer<T>,
): Record<string, T> {
  const after = { ...before, [name]: value };
  if (Object.keys(after).length > MOST_ENTRIES) throw new Error('there are too many entries in the context');
  return after;
}

function checked<T>(schema: z.ZodType<T>, value: Json, target: string): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw unfit(target);
  return parsed.data;
}

function unfit(target: string): Error {
  return new Error(`this value does not fit ${target}`);
}
