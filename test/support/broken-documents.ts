import { z } from 'zod';

import { pathText } from '../../src/blueprints/problem.js';
import type { Path } from '../../src/blueprints/problem.js';
import type { Json, JsonObject } from '../../src/kernel/json.js';

/** One way to break a generated document at one place. */
export interface Breakage {
  /** What is wrong then, as in "a problem where …". */
  readonly where: string;
  /** Whether it can be done there. */
  suits(path: Path, value: Json): boolean;
  /** What stands there then; undefined for nothing. */
  change(value: Json): Json | undefined;
  /** Where that is told. */
  told(path: Path): Path;
}

export interface BrokenDocument {
  readonly document: JsonObject;
  /** Where its problem is to be told. */
  readonly place: Path;
}

const members = z.record(z.string(), z.json());
const list = z.array(z.json());

const isScalar = (value: Json): boolean => typeof value !== 'object' || value === null;
const itself = (path: Path): Path => path;
/** A reference, and a secret by name, is one value: what is wrong with its name is told of all of it. */
const itselfOrWhatItNames = (path: Path): Path =>
  ['ref', 'secret'].includes(String(path.at(-1))) ? path.slice(0, -1) : path;

/** What is the matter with each of these, whatever stands in the installation. */
export const alwaysWrong: readonly Breakage[] = [
  {
    where: 'a value is of the wrong type',
    suits: (_path, value) => isScalar(value),
    change: () => ({ of: { another: 'type' } }),
    told: itselfOrWhatItNames,
  },
  {
    where: 'a list or an object is something else',
    suits: (_path, value) => !isScalar(value),
    change: () => 7,
    told: itself,
  },
  {
    where: 'there is a member that does not belong there',
    suits: (_path, value) => members.safeParse(value).success,
    change: (value) => ({ ...members.parse(value), nobodyKnowsThis: 1 }),
    told: itself,
  },
  {
    where: 'it refers to what is not there',
    suits: (path, value) => path.at(-1) === 'ref' && typeof value === 'string',
    change: (value) => z.string().parse(value).replace(/:.*$/s, ':nobody'),
    told: itselfOrWhatItNames,
  },
];

/** What has to be there where something is made; what is there already keeps it. */
export const wrongWhereNew: Breakage = {
  where: 'something is left out that has to be there',
  suits: (path, value) => isScalar(value) && isNeeded(path),
  change: () => undefined,
  told: itself,
};

const NEEDED = ['title', 'designation', 'kind', 'key', 'label', 'type', 'order', 'fieldIds', 'stage'];

function isNeeded(path: Path): boolean {
  const [, , own, , nested] = path;
  const isName = path.length === 3 && own === 'stage';
  const isChoice = own === 'order' && nested === undefined;
  return NEEDED.includes(String(path.at(-1))) && !String(own).startsWith('config') && !isName && !isChoice;
}

/** A generated document with one thing wrong in it; which of the places that suit is chosen by a number. */
export function brokenDocument(document: JsonObject, breakage: Breakage, choice: number): BrokenDocument {
  const places = placesIn(document).filter(
    ([path, value]) => path[0] === 'entries' && path.length > 2 && breakage.suits(path, value),
  );
  const [place] = places[choice % places.length] ?? [];
  if (!place) throw new Error(`no place in the document where ${breakage.where} by being broken`);
  return {
    document: members.parse(changed(document, place, (value) => breakage.change(value))),
    place: breakage.told(place),
  };
}

/** Whether a problem is told at a place, or within what stands there. */
export function isWithin(path: string, place: Path): boolean {
  const at = pathText(place);
  return path === at || path.startsWith(`${at}.`) || path.startsWith(`${at}[`);
}

/** Whatever stands in a document, with where it does; not what conditions and choices hold within. */
function placesIn(value: Json, path: Path = []): [Path, Json][] {
  const here: [Path, Json][] = [[path, value]];
  const { data: items } = list.safeParse(value);
  if (items) return [...here, ...items.flatMap((item, index) => placesIn(item, [...path, index]))];
  const { data: object } = members.safeParse(value);
  if (!object) return here;
  const within = Object.entries(object).filter(([key]) => key !== 'actions');
  return [...here, ...within.flatMap(([key, member]) => placesIn(member, [...path, key]))];
}

/** The document with something else, or nothing, at one place. */
function changed(value: Json, [key, ...rest]: Path, change: (value: Json) => Json | undefined): Json {
  if (key === undefined) return change(value) ?? null;
  const { data: items } = list.safeParse(value);
  if (items) return items.map((item, index) => (index === key ? changed(item, rest, change) : item));
  const kept = Object.entries(members.parse(value)).flatMap(([name, member]): [string, Json][] => {
    if (name !== key) return [[name, member]];
    if (rest.length > 0) return [[name, changed(member, rest, change)]];
    const made = change(member);
    return made === undefined ? [] : [[name, made]];
  });
  return Object.fromEntries(kept);
}
