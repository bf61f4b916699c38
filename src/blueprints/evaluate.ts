import { canonicalJson } from '../kernel/canonical-json.js';
import type { Json } from '../kernel/json.js';
import { errorAt } from './problem.js';
import type { BlueprintProblem, Path } from './problem.js';
import { Tagged, isList, isMap } from './tree.js';
import type { Tree, TreeMap } from './tree.js';

/** With what parameters bring in, so that a small document cannot become a large one. */
const MOST_VALUES = 200_000;

/** Every form that a computed value can have. */
const forms = ['$parameter', '$join', '$if', '$equals', '$not', '$all', '$any', '$literal'] as const;

/**
 * Works out what a document computes from its parameters. A computed value is an object with exactly one key that
 * begins with a dollar: where it stands, what it comes to stands afterwards, so that paths stay as they are.
 */
export class Evaluation {
  readonly problems: BlueprintProblem[] = [];
  #values = 0;

  constructor(private readonly parameters: ReadonlyMap<string, Json>) {}

  value(tree: Tree, path: Path): Json {
    if (!this.#hasRoom()) return null;
    if (tree instanceof Tagged) {
      const message = `A document of this format has no tags, such as ${tree.tag}.`;
      return this.#refuse(errorAt(path, 'UNKNOWN_FORM', message));
    }
    if (isList(tree)) return tree.map((item, index) => this.value(item, [...path, index]));
    if (!isMap(tree)) return scalar(tree);
    const computed = computedValue(tree);
    if (computed) return this.#computed(computed.form, computed.of, [...path, computed.form]);
    return Object.fromEntries(
      Object.entries(tree).map(([key, inner]) => [key, this.value(inner, [...path, key])]),
    );
  }

  /** Whether a condition holds. Text such as `false` would be taken for what it does not mean. */
  holds(tree: Tree, path: Path): boolean {
    const before = this.problems.length;
    const value = this.value(tree, path);
    if (typeof value === 'boolean') return value;
    if (this.problems.length > before) return false;
    const message = 'A condition must come to true or false: compare with $equals.';
    this.problems.push(errorAt(path, 'INVALID_TYPE', message));
    return false;
  }

  #computed(form: string, of: Tree, path: Path): Json {
    switch (form) {
      case '$parameter':
        return this.#parameter(of, path);
      case '$join':
        return this.#joined(of, path);
      case '$if':
        return this.#chosen(of, path);
      case '$equals': {
        const [one, other] = this.#list(of, path, 2).map((item, index) => this.value(item, [...path, index]));
        return canonicalJson(one) === canonicalJson(other);
      }
      case '$not':
        return !this.holds(of, path);
      case '$all':
        return this.#list(of, path).every((item, index) => this.holds(item, [...path, index]));
      case '$any':
        return this.#list(of, path).some((item, index) => this.holds(item, [...path, index]));
      case '$literal':
        return this.#literal(of, path);
      default: {
        const message = `There is no ${form}; there are ${forms.join(', ')}. For an object with such a key use $literal.`;
        return this.#refuse(errorAt(path, 'UNKNOWN_FORM', message));
      }
    }
  }

  #parameter(name: Tree, path: Path): Json {
    const value = typeof name === 'string' ? this.parameters.get(name) : undefined;
    if (value !== undefined) return this.#literal(value, path);
    return this.#refuse(errorAt(path, 'NOT_FOUND', 'The document declares no parameter of this name.'));
  }

  #joined(parts: Tree, path: Path): Json {
    const texts = this.#list(parts, path).map((part, index): string => {
      const at = [...path, index];
      const value = this.value(part, at);
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
        return String(value);
      this.#refuse(errorAt(at, 'INVALID_TYPE', 'Only text, numbers, true and false can be joined.'));
      return '';
    });
    return texts.join('');
  }

  #chosen(of: Tree, path: Path): Json {
    const [condition, then = null, otherwise = null] = this.#list(of, path, 3);
    if (condition === undefined) return null;
    const index = this.holds(condition, [...path, 0]) ? 1 : 2;
    return this.value(index === 1 ? then : otherwise, [...path, index]);
  }

  #literal(tree: Tree, path: Path): Json {
    if (!this.#hasRoom()) return null;
    if (tree instanceof Tagged) return this.value(tree, path);
    if (isList(tree)) return tree.map((item, index) => this.#literal(item, [...path, index]));
    if (!isMap(tree)) return scalar(tree);
    return Object.fromEntries(
      Object.entries(tree).map(([key, inner]) => [key, this.#literal(inner, [...path, key])]),
    );
  }

  #list(tree: Tree, path: Path, length?: number): readonly Tree[] {
    if (isList(tree) && (length === undefined ? tree.length > 0 : tree.length === length)) return tree;
    const message = length === undefined ? 'Must be a list.' : `Must be a list of ${length}.`;
    this.#refuse(errorAt(path, 'INVALID_TYPE', message));
    return [];
  }

  #hasRoom(): boolean {
    this.#values += 1;
    if (this.#values === MOST_VALUES + 1) {
      const message = `With its parameters, the document comes to more than ${MOST_VALUES} values.`;
      this.problems.push(errorAt([], 'TOO_MANY', message));
    }
    return this.#values <= MOST_VALUES;
  }

  #refuse(problem: BlueprintProblem): null {
    this.problems.push(problem);
    return null;
  }
}

/** Whether an object would be taken for a computed value: as it is, it has to be written as `$literal`. */
export function looksComputed(value: object): boolean {
  const [key, ...others] = Object.keys(value);
  return key !== undefined && others.length === 0 && key.startsWith('$');
}

function computedValue(tree: TreeMap): { form: string; of: Tree } | undefined {
  if (!looksComputed(tree)) return undefined;
  const [form, of] = Object.entries(tree)[0] ?? [];
  return form === undefined || of === undefined ? undefined : { form, of };
}

function scalar(tree: Tree): Json {
  return typeof tree === 'object' ? null : tree;
}
