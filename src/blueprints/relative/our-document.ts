import type { State } from '../document.js';
import type { Path } from '../problem.js';
import { isMap } from '../tree.js';
import type { Tree, TreeMap } from '../tree.js';
import type { ObjectName } from './names.js';

/** A value of ours, and where in the relative's document it comes from. */
interface Part {
  readonly value: Tree;
  readonly path: Path;
}

/** Something that a document of ours says: an object, a stage's place, or what guards one of these. */
export class Statement {
  readonly fields = new Map<string, Part>();

  constructor(
    readonly path: Path,
    readonly state: State,
  ) {}

  set(field: string, value: Tree, path: Path): void {
    this.fields.set(field, { value, path });
  }
}

export class GuardStatement extends Statement {
  constructor(
    path: Path,
    state: State,
    readonly subject: ObjectName,
    readonly order: number,
  ) {
    super(path, state);
  }

  get key(): string {
    return `${this.subject.type}:${this.subject.name}@${this.order}`;
  }
}

export class PlaceStatement extends Statement {
  readonly guards = new Map<string, GuardStatement>();

  constructor(
    path: Path,
    state: State,
    readonly stage: string,
    readonly order: number,
  ) {
    super(path, state);
  }
}

export class ObjectStatement extends Statement {
  /** Of flows. */
  readonly places = new Map<string, PlaceStatement>();
  readonly guards = new Map<string, GuardStatement>();

  constructor(
    path: Path,
    state: State,
    readonly object: Exclude<ObjectName['type'], 'user'>,
    readonly name: string,
  ) {
    super(path, state);
  }
}

/** Of stages and policies, whose other fields are their configuration. */
const OUTSIDE = ['kind', 'executionLogging'];

/** Writes statements down as a document of ours, and remembers where each of its parts comes from. */
export class OurDocument {
  /** By the place here, as JSON. */
  readonly #origins = new Map<string, Path>();
  readonly tree: Tree;

  constructor(name: string, objects: readonly ObjectStatement[]) {
    this.tree = {
      stagedoor: 1,
      name,
      entries: [...objects].map((object, index) => this.#object(object, ['entries', index])),
    };
  }

  /** Where in the relative's document stands what is here; what is nowhere there belongs to the document as a whole. */
  origin(path: Path): Path {
    for (let length = path.length; length > 0; length -= 1) {
      const found = this.#origins.get(JSON.stringify(path.slice(0, length)));
      if (found) return [...found, ...this.#itemOf(path, length)];
    }
    return [];
  }

  /** Names in a list are in the same order in both. */
  #itemOf(path: Path, length: number): Path {
    const rest = path.slice(length);
    const list = path.slice(0, length).reduce<Tree | undefined>(within, this.tree);
    const [index] = rest;
    if (typeof index !== 'number' || rest.length > 1) return [];
    const item = within(list, index);
    return isMap(item) && 'ref' in item ? rest : [];
  }

  #object(statement: ObjectStatement, at: Path): Tree {
    const { object, name, path, fields, places, guards } = statement;
    this.#origins.set(JSON.stringify(at), path);
    const isConfigured = object === 'stage' || object === 'policy';
    const config = [...fields].filter(([field]) => isConfigured && !OUTSIDE.includes(field));
    const own = [...fields].filter(([field]) => !isConfigured || OUTSIDE.includes(field));
    // An invitation has a field that is called like a kind of object: its own name comes first.
    return {
      [object]: name,
      ...this.#state(statement),
      ...this.#parts(own, at),
      ...(config.length > 0 && { config: this.#parts(config, [...at, 'config']) }),
      ...(guards.size > 0 && { policies: this.#guards(guards, [...at, 'policies']) }),
      ...(places.size > 0 && { stages: this.#places(places, [...at, 'stages']) }),
    };
  }

  #places(places: ReadonlyMap<string, PlaceStatement>, at: Path): Tree {
    return [...places.values()].map((place, index) => {
      const here = [...at, index];
      this.#origins.set(JSON.stringify(here), place.path);
      return {
        stage: place.stage,
        order: place.order,
        ...this.#state(place),
        ...this.#parts([...place.fields], here),
        ...(place.guards.size > 0 && { policies: this.#guards(place.guards, [...here, 'policies']) }),
      };
    });
  }

  #guards(guards: ReadonlyMap<string, GuardStatement>, at: Path): Tree {
    return [...guards.values()].map((guard, index) => {
      const here = [...at, index];
      this.#origins.set(JSON.stringify(here), guard.path);
      return {
        [guard.subject.type]: guard.subject.name,
        order: guard.order,
        ...this.#state(guard),
        ...this.#parts([...guard.fields], here),
      };
    });
  }

  #parts(parts: readonly (readonly [string, Part])[], at: Path): TreeMap {
    return Object.fromEntries(
      parts.map(([field, { value, path }]) => {
        this.#origins.set(JSON.stringify([...at, field]), path);
        return [field, value] as const;
      }),
    );
  }

  #state({ state }: Statement): TreeMap {
    return state === 'present' ? {} : { state };
  }
}

function within(tree: Tree | undefined, part: string | number): Tree | undefined {
  if (isMap(tree)) return Object.hasOwn(tree, part) ? tree[part] : undefined;
  if (typeof tree !== 'object' || tree === null || typeof part !== 'number') return undefined;
  return Array.isArray(tree) ? listItem(tree, part) : undefined;
}

function listItem(list: readonly Tree[], index: number): Tree | undefined {
  return list[index];
}
