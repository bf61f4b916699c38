import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { parse } from 'yaml';
import type { z } from 'zod';

import { languages } from '../../kernel/language.js';
import type { Language } from '../../kernel/language.js';
import { reasonOf } from './reason.js';
import { languageTexts } from './text-rules.js';
import type { LanguageTexts } from './text-rules.js';
import { htmlWording, plainWording } from './wording.js';
import type { Wording } from './wording.js';

/** Everything that mails are made of. */
export interface TextFiles {
  readonly html: Wording;
  readonly text: Wording;
  readonly texts: Readonly<Record<Language, LanguageTexts>>;
}

const HTML_LAYOUT = 'layout.html.liquid';
const TEXT_LAYOUT = 'layout.txt.liquid';
const textsIn = { EN: 'texts/en.yaml', DE: 'texts/de.yaml' } as const satisfies Record<Language, string>;
const fileNames = [HTML_LAYOUT, TEXT_LAYOUT, ...languages.map((language) => textsIn[language])];

/** What the layouts may use. */
const layoutPlaces = [
  ...['language', 'brand', 'subject', 'heading', 'greeting', 'paragraphs', 'button', 'linkLabel', 'url'],
  ...['codeLabel', 'code', 'advice', 'footer'],
];

/**
 * Reads our files, with an operator's own laid over them: layouts instead of ours, texts key by key. Rejects with the
 * file, and what to do, where one cannot be used.
 */
export async function readTextFiles(shipped: string, own: string | null): Promise<TextFiles> {
  if (own !== null) await expectKnownFiles(own);
  const read = async (name: string) => {
    const ours = await sourceIn(shipped, name);
    if (!ours) throw new Error(`${join(shipped, name)} is missing.`);
    return { ours, theirs: own === null ? null : await sourceIn(own, name) };
  };
  const layout = async (name: string, reader: (source: string) => Wording) => {
    const { ours, theirs } = await read(name);
    return layoutOf(theirs ?? ours, reader);
  };
  const texts = async (language: Language) => {
    const { ours, theirs } = await read(textsIn[language]);
    const content = theirs ? laidOver(contentOf(ours), contentOf(theirs)) : contentOf(ours);
    return textsOf(language, content, theirs ?? ours);
  };
  return {
    html: await layout(HTML_LAYOUT, htmlWording),
    text: await layout(TEXT_LAYOUT, plainWording),
    texts: { EN: await texts('EN'), DE: await texts('DE') },
  };
}

/** A file, as it was found. */
interface Source {
  readonly path: string;
  readonly text: string;
}

async function expectKnownFiles(own: string): Promise<void> {
  const entries = await readdir(own, { recursive: true, withFileTypes: true }).catch(() => {
    throw new Error(`${own} cannot be read as a folder.`);
  });
  const files = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(own, join(entry.parentPath, entry.name)));
  const unknown = files.filter((file) => !fileNames.includes(file));
  if (unknown.length > 0) {
    throw new Error(
      `${own} has files that no mail is made of: ${unknown.join(', ')}. There are ${fileNames.join(', ')}; remove the others.`,
    );
  }
}

async function sourceIn(folder: string, name: string): Promise<Source | null> {
  const path = join(folder, name);
  try {
    return { path, text: await readFile(path, 'utf8') };
  } catch (error) {
    if (isMissing(error)) return null;
    throw new Error(`${path} cannot be read.`, { cause: error });
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}

function layoutOf({ path, text }: Source, reader: (source: string) => Wording): Wording {
  const wording = explained(path, () => reader(text));
  const unknown = wording.places.filter((place) => !layoutPlaces.includes(place));
  if (unknown.length === 0) return wording;
  throw new Error(`${path} has no place ${unknown.join(', ')}; there are ${layoutPlaces.join(', ')}.`);
}

function contentOf({ path, text }: Source): unknown {
  return explained<unknown>(path, () => parse(text, { maxAliasCount: 0 }));
}

function explained<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`${path} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}

/** Theirs, and ours where there is none of theirs. A list is one thing. */
function laidOver(ours: unknown, theirs: unknown): unknown {
  if (!isMapping(ours) || !isMapping(theirs)) return theirs;
  const merged = Object.entries(theirs).map(([key, value]): [string, unknown] => [
    key,
    Object.hasOwn(ours, key) ? laidOver(ours[key], value) : value,
  ]);
  return Object.fromEntries([...Object.entries(ours), ...merged]);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textsOf(language: Language, content: unknown, { path }: Source): LanguageTexts {
  const parsed = languageTexts.safeParse(content);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${placeOf(issue)} ${issue.message}`);
  throw new Error(`${path} (${language}) has problems:\n${problems.join('\n')}`);
}

/** Which mail, and which of its texts. */
function placeOf({ path }: z.core.$ZodIssue): string {
  const [part, template, ...key] = path.map(String);
  if (part === 'mails' && template !== undefined) {
    return key.length > 0 ? `mail ${template}, key ${key.join('.')}:` : `mail ${template}:`;
  }
  return `key ${path.map(String).join('.')}:`;
}
