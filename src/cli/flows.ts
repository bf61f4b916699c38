import type { Catalogue } from '../flow/catalogue.js';
import type { FlowDefinition } from '../flow/definition.js';
import { CommandFailure } from './failure.js';

/** The flow with this slug; where there is none, the failure names those that there are. */
export function flowNamed(catalogue: Catalogue, slug: string): FlowDefinition {
  const flow = catalogue.flowBySlug(slug);
  if (flow) return flow;
  const slugs = catalogue.flows.map((other) => other.slug);
  throw new CommandFailure(
    'REFUSED',
    `There is no flow ${slug}.`,
    slugs.length === 0
      ? 'There are none at all: the first start of the service applies those that are shipped.'
      : `There are: ${slugs.join(', ')}.`,
  );
}
