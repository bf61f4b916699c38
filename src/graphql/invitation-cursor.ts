import { z } from 'zod';

import { momentText } from '../kernel/moment.js';
import { isStorableText } from '../kernel/text.js';
import type { InvitationPlace } from '../flow/invitation-store.js';
import { decodeCursor, encodeCursor, foreignCursor } from './connection.js';

/** A cursor that is good for every order. */
export function cursorOf({ createdAt, id, name }: InvitationPlace): string {
  return encodeCursor(`${createdAt.toISOString()} ${id} ${name}`);
}

const place = z.object({
  createdAt: momentText.transform((text) => new Date(text)),
  id: z.guid(),
  name: z.string().refine(isStorableText),
});

/** The place in a cursor; refuses what is none. */
export function placeIn(cursor: string): InvitationPlace {
  const [createdAt, id, ...words] = decodeCursor(cursor).split(' ');
  const parsed = place.safeParse({ createdAt, id, name: words.join(' ') });
  if (!parsed.success) throw foreignCursor();
  return parsed.data;
}
