import type { PolicyDefinition, StageDefinition } from '../../flow/definition.js';
import type { EntryType } from '../document.js';
import type { Entry, ParsedDocument } from '../entries.js';
import type { Path } from '../problem.js';
import type { Area, Draft } from './draft.js';

type Referable = Exclude<EntryType, 'invitation'>;

const areas = {
  group: 'GROUP',
  promptField: 'PROMPT_FIELD',
  policy: 'POLICY',
  stage: 'STAGE',
  flow: 'FLOW',
  invitation: 'INVITATION',
} as const satisfies Record<EntryType, Area>;

/** What names in a document mean: objects that it makes, or that are there. */
export class Symbols {
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #newIds = new Map<string, string>();

  constructor(
    private readonly draft: Draft,
    private readonly document: Pick<ParsedDocument, 'entries' | 'skipped'>,
  ) {
    this.#entries = new Map(document.entries.map((entry) => [`${entry.type}:${entry.name}`, entry]));
  }

  /** The id that an object of the document has, or gets. */
  idOf(type: Referable, name: string): string {
    const key = `${type}:${name}`;
    const id = this.#presentId(type, name) ?? this.#newIds.get(key) ?? this.draft.scene.parts.newId();
    if (this.#presentId(type, name) === undefined) this.#newIds.set(key, id);
    return id;
  }

  /**
   * The id of what is named somewhere. Where nothing is, or the importer may not know of it, that is a problem, and the
   * id is nobody's.
   */
  resolve(type: Referable, name: string, path: Path): string {
    const { draft } = this;
    if (!draft.permits('VIEW', areas[type], path)) return draft.scene.parts.newId();
    const entry = this.#entries.get(`${type}:${name}`);
    if (entry?.state === 'absent') {
      draft.refuse(
        path,
        'NOT_FOUND',
        `The document itself says that the ${words[type]} ${name} is not there.`,
      );
    } else if (!entry && this.#presentId(type, name) === undefined) {
      if (this.document.skipped.has(`${type}:${name}`)) {
        const message = `The ${words[type]} ${name} is left out by its condition, and is not there otherwise. Give this place the same condition.`;
        draft.refuse(path, 'SKIPPED', message);
      } else {
        draft.refuse(path, 'NOT_FOUND', `There is no ${words[type]} ${name}, here or in the document.`);
      }
    }
    return this.idOf(type, name);
  }

  /** The kind of a stage that is named, as far as it is known. */
  kindOfStage(name: string): string | undefined {
    const entry = this.#entries.get(`stage:${name}`);
    const said = entry?.type === 'stage' ? entry.value.kind : undefined;
    return this.presentStage(name)?.kind ?? said;
  }

  presentStage(name: string): StageDefinition | undefined {
    return this.draft.scene.catalogue.stages.find((stage) => stage.name === name);
  }

  presentPolicy(name: string): PolicyDefinition | undefined {
    return this.draft.scene.catalogue.policyByName(name);
  }

  #presentId(type: Referable, name: string): string | undefined {
    const { catalogue, groups } = this.draft.scene;
    switch (type) {
      case 'group':
        return groups.get(name)?.id;
      case 'promptField':
        return catalogue.promptFields.find((field) => field.name === name)?.id;
      case 'policy':
        return this.presentPolicy(name)?.id;
      case 'stage':
        return this.presentStage(name)?.id;
      case 'flow':
        return catalogue.flowBySlug(name)?.id;
    }
  }
}

const words = {
  group: 'group',
  promptField: 'prompt field',
  policy: 'policy',
  stage: 'stage',
  flow: 'flow',
} as const satisfies Record<Referable, string>;
