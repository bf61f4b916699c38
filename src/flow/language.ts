import { z } from 'zod';

import { languages } from '../kernel/language.js';
import type { Language } from '../kernel/language.js';
import type { Installation } from './installation.js';
import type { FlowUser } from './services/users.js';

/** What a person has chosen is kept among their attributes. */
const choice = z.object({ settings: z.object({ locale: z.string() }) });

/** The language to write to somebody in: what they have chosen, else what their client asks for, else the house's. */
export function languageFor(
  user: Pick<FlowUser, 'attributes'> | undefined,
  wanted: readonly string[],
  { language }: Pick<Installation, 'language'>,
): Language {
  const chosen = choice.safeParse(user?.attributes);
  const codes = chosen.success ? [chosen.data.settings.locale, ...wanted] : wanted;
  return codes.map(spoken).find((code) => code !== undefined) ?? language;
}

/** The language of a tag such as `de-AT`, where it is spoken here. */
function spoken(tag: string): Language | undefined {
  const [primary = ''] = tag.toUpperCase().split(/[-_]/);
  return languages.find((code) => code === primary);
}
