import { isDeepStrictEqual } from 'node:util';

import { isJsonList, isJsonObject } from '../kernel/json.js';
import type { Json, JsonObject } from '../kernel/json.js';
import { entryTypes } from './document.js';

export const differenceKinds = {
  ADDED: 'It is there afterwards, and was not before.',
  REMOVED: 'It was there before, and is not afterwards.',
  CHANGED: 'It has another value.',
} as const;

export type DifferenceKind = keyof typeof differenceKinds;

/** One thing in which two documents differ. */
export interface Difference {
  /**
   * An object or a field of one, such as `stage:captcha.config.siteKey`; places and guards stand below what they
   * belong to, with their order: `flow:login / stage:captcha @ 20 / policy:often @ 0.negate`.
   */
  readonly path: string;
  readonly kind: DifferenceKind;
  /** Null where it is added. */
  readonly before: Json;
  /** Null where it is removed. */
  readonly after: Json;
}

/** An object of a document, by what it is known. */
interface Part {
  readonly subject: string;
  /** Where several may be of one subject, what tells them apart. */
  readonly order: Json;
  /** What the document says of it. */
  readonly whole: JsonObject;
  readonly fields: JsonObject;
  readonly parts: readonly Part[];
}

/** What an object of the first document, as `type:name`, is called in the second. */
export type CalledNow = (subject: string) => string;

/**
 * In what two documents of one flow differ, in the order of the second; what it does not have any more comes last. A
 * place or a guard that has only got another order is the same one, and so is what has got another name.
 */
export function differences(
  before: JsonObject,
  after: JsonObject,
  calledNow: CalledNow = (subject) => subject,
): Difference[] {
  const was = listOf(before.entries).map((entry) => renamed(entryPart(entry), calledNow));
  return differencesOfParts('', was, listOf(after.entries).map(entryPart));
}

function renamed(part: Part, calledNow: CalledNow): Part {
  const parts = part.parts.map((inner) => renamed(inner, calledNow));
  return { ...part, subject: calledNow(part.subject), parts };
}

function entryPart(entry: JsonObject): Part {
  const type = entryTypes.find((candidate) => candidate in entry) ?? 'flow';
  const { [type]: name = null, policies, stages, ...fields } = entry;
  return {
    subject: `${type}:${textOf(name)}`,
    order: null,
    whole: entry,
    fields: type === 'flow' ? { slug: name, ...fields } : { ...fields, name },
    parts: [...listOf(policies).map(guardPart), ...listOf(stages).map(placePart)],
  };
}

function placePart(place: JsonObject): Part {
  const { stage = null, policies, ...fields } = place;
  const parts = listOf(policies).map(guardPart);
  return { subject: `stage:${textOf(stage)}`, order: fields.order ?? null, whole: place, fields, parts };
}

function guardPart(guard: JsonObject): Part {
  const { policy, group, user, ...fields } = guard;
  const named = Object.entries({ policy, group, user }).filter(([, name]) => name !== undefined);
  const subject = named.map(([type, name]) => `${type}:${textOf(name ?? null)}`).join();
  return { subject, order: fields.order ?? null, whole: guard, fields, parts: [] };
}

function differencesOfParts(above: string, before: readonly Part[], after: readonly Part[]): Difference[] {
  const left = new Set(before);
  const take = (isSame: (candidate: Part) => boolean): Part | undefined => {
    const found = [...left].find(isSame);
    if (found) left.delete(found);
    return found;
  };
  // Those that have kept their order first: none of them is to be taken for another one that was moved.
  const kept = new Map(
    after.map((part) => [
      part,
      take(({ subject, order }) => subject === part.subject && order === part.order),
    ]),
  );
  const pairs = after.map((part) => ({
    is: part,
    was: kept.get(part) ?? take((candidate) => candidate.subject === part.subject),
  }));
  return [
    ...pairs.flatMap(({ is, was }): Difference[] => {
      const path = pathOf(above, is);
      if (!was) return [{ path, kind: 'ADDED', before: null, after: is.whole }];
      const fields = differencesOfObjects(path, was.fields, is.fields);
      return [...fields, ...differencesOfParts(path, was.parts, is.parts)];
    }),
    ...[...left].map(
      (part): Difference => ({
        path: pathOf(above, part),
        kind: 'REMOVED',
        before: part.whole,
        after: null,
      }),
    ),
  ];
}

function pathOf(above: string, { subject, order }: Part): string {
  return above === '' ? subject : `${above} / ${subject} @ ${textOf(order)}`;
}

function differencesOfObjects(path: string, before: JsonObject, after: JsonObject): Difference[] {
  const names = new Set([...Object.keys(after), ...Object.keys(before)]);
  return [...names].flatMap((name): Difference[] => {
    const [was, is] = [before[name], after[name]];
    const at = `${path}.${name}`;
    if (isDeepStrictEqual(was, is)) return [];
    if (was === undefined) return [{ path: at, kind: 'ADDED', before: null, after: is ?? null }];
    if (is === undefined) return [{ path: at, kind: 'REMOVED', before: was, after: null }];
    if (isDivisible(was) && isDivisible(is)) return differencesOfObjects(at, was, is);
    return [{ path: at, kind: 'CHANGED', before: was, after: is }];
  });
}

/** Whether a value is told of field by field; what stands for something else is one thing. */
function isDivisible(value: Json): value is JsonObject {
  if (!isJsonObject(value)) return false;
  const [key, ...others] = Object.keys(value);
  return !(others.length === 0 && key !== undefined && /^(ref|secret|\$.*)$/.test(key));
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return isJsonList(value) ? value.filter(isJsonObject) : [];
}
