import { Liquid } from 'liquidjs';

/** A piece of text with places, as it was written. */
export interface Wording {
  /** The places that it has. */
  readonly places: readonly string[];
  fill(values: Readonly<Record<string, unknown>>): string;
}

const OPTIONS = {
  // What a place is called must be what there is: nothing becomes an empty text by being misspelt.
  strictVariables: true,
  strictFilters: true,
  ownPropertyOnly: true,
  // No file but those that were read at the start.
  templates: {},
  parseLimit: 200_000,
  renderLimit: 2000,
  memoryLimit: 10_000_000,
};

const plain = new Liquid(OPTIONS);
const escaping = new Liquid({ ...OPTIONS, outputEscape: 'escape' });
// It would put a value into the HTML as it is.
escaping.unregisterFilter('raw');

/** Reads text that is to stay plain. Throws where it is not written correctly. */
export const plainWording = (source: string): Wording => wordingOf(plain, source);

/** Reads HTML; whatever is filled in is text there. Throws where it is not written correctly. */
export const htmlWording = (source: string): Wording => wordingOf(escaping, source);

function wordingOf(engine: Liquid, source: string): Wording {
  const templates = engine.parse(source);
  return {
    places: engine.globalVariablesSync(templates),
    fill: (values) => String(engine.renderSync(templates, values)),
  };
}
