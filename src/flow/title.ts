import type { Context } from './context.js';
import { pendingUserKey } from './context-keys.js';
import type { Viewer } from './stage-kind.js';

/** What to call the person whom a flow is about: what they typed, else who is signed in; undefined for nobody. */
export function displayName(context: Context, viewer: Viewer | null): string | undefined {
  return context.get(pendingUserKey)?.identifier ?? viewer?.user.username;
}

/** A flow's title with `%(user)s` filled in, and without `%(app)s`: flows are not run for an application yet. */
export function titleFor(title: string, user: string | undefined): string {
  return title
    .replace(/%\((user|app)\)s/g, (_placeholder, word: string) => (word === 'user' ? (user ?? '') : ''))
    .trim();
}
