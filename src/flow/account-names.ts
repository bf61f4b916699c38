import { z } from 'zod';

/** Whether somebody can be called this. */
export function isUsername(text: string): boolean {
  return text.length <= 150 && text.trim() === text && !/\p{Cc}/u.test(text);
}

/** Whether mail could be sent there. */
export function isEmailAddress(text: string): boolean {
  return text.length <= 254 && z.email().safeParse(text).success;
}
