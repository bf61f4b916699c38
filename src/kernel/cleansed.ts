import { z } from 'zod';

import type { Json, JsonObject } from './json.js';
import { storableText } from './text.js';

const MASK = '[secret]';
const LONGEST_TEXT = 500;
/** What is called like this is not written down, whatever it holds. */
const secretName = /passw|passphrase|passcode|pwd|secret|token|credential|api.?key|private.?key|otp$/i;

const json: z.ZodType<JsonObject> = z.record(z.string(), z.json());

/** A record as it may be kept: entries that are named like secrets are masked, however deep, and long texts are cut. */
export function cleansed(details: object): JsonObject {
  return json.parse(JSON.parse(JSON.stringify(details), keepOut));
}

function keepOut(key: string, value: Json): Json {
  if (secretName.test(key) && value !== null && typeof value !== 'boolean') return MASK;
  if (typeof value === 'string') return storableText(value.slice(0, LONGEST_TEXT));
  return isObject(value) ? underStorableNames(value) : value;
}

function underStorableNames(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [storableText(name), inner]));
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
