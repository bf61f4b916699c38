import { isMap } from '../tree.js';
import { PlaceStatement } from './our-document.js';
import type { ObjectStatement } from './our-document.js';
import type { Problems } from './problems.js';

/** What can as well stand before the password: it takes nobody to have proved anything. */
const MOVABLE = ['captcha', 'deny'];

const FORGIVEN =
  'The right password forgives here what was wrong before it, so that bad behaviour is not seen after it';

/**
 * Puts what bad behaviour brings about before the password: there it stands after it as well, for the relative forgives
 * later.
 */
export function putBeforePasswords(all: ReadonlyMap<string, ObjectStatement>, problems: Problems): void {
  for (const flow of all.values()) {
    const asked = [...flow.places.values()].filter(
      (place) => place.state !== 'absent' && asksForPassword(place, all),
    );
    const first = Math.min(...asked.map(({ order }) => order));
    for (const [key, place] of [...flow.places]) {
      if (place.order <= first || !goesByReputation(place, all)) continue;
      const order = first - 1;
      const isFree = [...flow.places.values()].every((other) => other.order !== order);
      if (!MOVABLE.includes(kindOf(place, all)) || !isFree || isEmbedded(asked, all)) {
        problems.unsupported(place.path, `${FORGIVEN}. Put the place before the password.`);
        continue;
      }
      problems.warning(place.path, `${FORGIVEN}: it stands before it, at the order ${order}.`);
      flow.places.delete(key);
      flow.places.set(`${place.stage}@${order}`, movedTo(order, place));
    }
  }
}

function movedTo(order: number, { path, state, stage, fields, guards }: PlaceStatement): PlaceStatement {
  const moved = new PlaceStatement(path, state, stage, order);
  for (const [field, { value, path: from }] of fields) moved.set(field, value, from);
  for (const [key, guard] of guards) moved.guards.set(key, guard);
  return moved;
}

function kindOf({ stage }: PlaceStatement, all: ReadonlyMap<string, ObjectStatement>): string {
  const kind = all.get(`stage:${stage}`)?.fields.get('kind')?.value;
  return typeof kind === 'string' ? kind : '';
}

function asksForPassword(place: PlaceStatement, all: ReadonlyMap<string, ObjectStatement>): boolean {
  return kindOf(place, all) === 'password' || isEmbedded([place], all);
}

/** Whether one of these has a password on its own screen: then nothing can stand between the name and it. */
function isEmbedded(places: readonly PlaceStatement[], all: ReadonlyMap<string, ObjectStatement>): boolean {
  return places.some(({ stage }) => isMap(all.get(`stage:${stage}`)?.fields.get('passwordStageId')?.value));
}

function goesByReputation(place: PlaceStatement, all: ReadonlyMap<string, ObjectStatement>): boolean {
  return [...place.guards.values()].some(({ subject, state, fields }) => {
    const policy = subject.type === 'policy' ? all.get(`policy:${subject.name}`) : undefined;
    const takesPart = state !== 'absent' && fields.get('enabled')?.value !== false;
    return takesPart && policy?.fields.get('kind')?.value === 'reputation';
  });
}
