import { z } from 'zod';

import { momentText } from '../kernel/moment.js';
import type { ListPosition } from '../flow/list-position.js';
import { decodeCursor, encodeCursor, foreignCursor } from './connection.js';

/** A cursor that holds the place in the list of all, so that it stays good when others come and go. */
export function cursorOf({ createdAt, id }: ListPosition): string {
  return encodeCursor(`${createdAt.toISOString()} ${id}`);
}

const position = z.tuple([momentText, z.guid()]);

/** The place in a cursor; refuses what is none. */
export function positionIn(cursor: string): ListPosition {
  const parsed = position.safeParse(decodeCursor(cursor).split(' '));
  if (!parsed.success) throw foreignCursor();
  const [createdAt, id] = parsed.data;
  return { createdAt: new Date(createdAt), id };
}
