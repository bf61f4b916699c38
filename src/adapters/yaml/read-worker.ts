// Runs in a worker thread. In tests this very file is run by Node, which only strips types: no syntax here may need
// more than that, and no module of ours may be imported except for its types.
import { parentPort } from 'node:worker_threads';

import { Lexer, Parser, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Alias, ParsedNode, Scalar, YAMLMap, YAMLSeq } from 'yaml';

import type { DocumentProblem, ReadDocument, WrittenValue } from '../../flow/services/document-reader.js';

if (parentPort === null) throw new Error('read-worker.ts is the body of a worker thread');
const port = parentPort;

type Path = DocumentProblem['path'];

/** Deeper than anything that is written by hand. */
const DEEPEST = 100;
/** The same for what the syntax nests: a value can lie within more than one such thing. */
const DEEPEST_SYNTAX = 300;
/** With what aliases repeat, so that a small document cannot become a large one. */
const MOST_VALUES = 50_000;
const MOST_PROBLEMS = 100;

port.on('message', (text: string) => {
  port.postMessage(read(text));
});

/** A format's own tags, and those of what JSON has. */
const KNOWN_TAG = /^(!|tag:yaml\.org,2002:(str|int|float|bool|null|seq|map)$)/;

/** Reads YAML, of which JSON is a part, and gives no meaning to it: tags stay what they are. */
function read(text: string): ReadDocument {
  if (isTooDeep(text)) return { ok: false, problems: [tooDeep([])] };
  const parsed = parseDocument(text, { uniqueKeys: false, strict: true });
  if (parsed.errors.length > 0) {
    return { ok: false, problems: parsed.errors.slice(0, MOST_PROBLEMS).map(malformed) };
  }
  const reading = new Reading();
  const value = reading.read(parsed.contents, [], 0);
  return reading.problems.length > 0 ? { ok: false, problems: reading.problems } : { ok: true, value };
}

/**
 * Looked at before anything is built: the library builds what lies within something else by calling itself, and with too
 * much of that the whole process dies.
 */
function isTooDeep(text: string): boolean {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    Array.from(parser.next(lexeme));
    if (parser.stack.length > DEEPEST_SYNTAX) return true;
  }
  return false;
}

function malformed({ message }: { readonly message: string }): DocumentProblem {
  // What follows are lines of the document, which may hold anything.
  const [said = ''] = message.split('\n');
  return problem([], 'MALFORMED', `The document is neither YAML nor JSON: ${said.replace(/:$/, '')}.`);
}

function tooDeep(path: Path): DocumentProblem {
  return problem(path, 'TOO_DEEP', `Must not be deeper than ${DEEPEST} levels.`);
}

function tooMany(): DocumentProblem {
  const message = `The document holds more than ${MOST_VALUES} values, aliases counted as what they repeat.`;
  return problem([], 'TOO_MANY', message);
}

function problem(path: Path, code: DocumentProblem['code'], message: string): DocumentProblem {
  return { path, code, message };
}

class Reading {
  readonly problems: DocumentProblem[] = [];
  /** The library would look for each of them through the whole document. */
  readonly #anchors = new Map<string, ParsedNode>();
  #values = 0;

  read(node: ParsedNode | null | undefined, path: Path, depth: number): WrittenValue {
    this.#values += 1;
    if (this.#values > MOST_VALUES) return this.#refuse(tooMany());
    if (depth > DEEPEST) return this.#refuse(tooDeep(path));
    if (node === null || node === undefined) return null;
    if (isAlias(node)) return this.#repeated(node, path, depth);
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    // The library takes what has a tag that it does not know for plain text.
    if (node.tag !== undefined && !KNOWN_TAG.test(node.tag)) {
      return this.#refuse(problem(path, 'INVALID_TYPE', 'Is of no type that JSON has.'));
    }
    const value = this.#untagged(node, path, depth);
    return node.tag?.startsWith('!') === true ? { tag: node.tag, value } : value;
  }

  /** Once there is a problem of size, whatever follows is not looked at. */
  #refuse(found: DocumentProblem): null {
    if (this.problems.length < MOST_PROBLEMS && !this.problems.some(({ code }) => code === 'TOO_MANY')) {
      this.problems.push(found);
    }
    return null;
  }

  #repeated({ source }: Alias.Parsed, path: Path, depth: number): WrittenValue {
    const node = this.#anchors.get(source);
    if (node) return this.read(node, path, depth + 1);
    return this.#refuse(problem(path, 'NOT_FOUND', 'No anchor before this one is called so.'));
  }

  #untagged(node: Scalar.Parsed | YAMLMap.Parsed | YAMLSeq.Parsed, path: Path, depth: number): WrittenValue {
    if (isScalar(node)) return this.#scalar(node.value, path);
    if (isSeq<ParsedNode>(node)) {
      return node.items.map((item, index) => this.read(item, [...path, index], depth + 1));
    }
    return isMap(node) ? this.#map(node, path, depth) : null;
  }

  #scalar(value: unknown, path: Path): WrittenValue {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value !== 'number') {
      return this.#refuse(problem(path, 'INVALID_TYPE', 'Is of no type that JSON has.'));
    }
    const isExact = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
    return isExact
      ? value
      : this.#refuse(problem(path, 'OUT_OF_RANGE', 'Is no number that can be kept exactly.'));
  }

  #map({ items }: YAMLMap.Parsed, path: Path, depth: number): WrittenValue {
    const entries = new Map<string, WrittenValue>();
    for (const { key, value } of items) {
      const name = nameOf(key);
      if (name === undefined) {
        this.#refuse(problem(path, 'INVALID_TYPE', 'A key must be text.'));
      } else if (name === '__proto__') {
        this.#refuse(problem([...path, name], 'FORBIDDEN_KEY', 'Must not be called that.'));
      } else if (entries.has(name)) {
        this.#refuse(problem([...path, name], 'REPEATED', 'Stands there twice.'));
      } else {
        entries.set(name, this.read(value, [...path, name], depth + 1));
      }
    }
    return entries;
  }
}

/** What a key is called: text, or what is written like a number, true or false. */
function nameOf(key: ParsedNode): string | undefined {
  if (!isScalar(key)) return undefined;
  const { value } = key;
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isPlain ? String(value) : undefined;
}

// All that this file needs is loaded by now.
port.postMessage('READY');
