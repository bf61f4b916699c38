import { parse } from 'yaml';
import { z } from 'zod';

import {
  flowFields,
  policyBindingFields,
  policyName,
  promptFieldFields,
  stageBindingFields,
  stageName,
} from '../flow/definition-rules.js';

const config = z.record(z.string(), z.unknown());

const policyPlace = z.strictObject({ policy: policyName, ...policyBindingFields.shape });
const stagePlace = z.strictObject({
  stage: stageName,
  ...stageBindingFields.shape,
  policies: z.array(policyPlace).default([]),
});

const { name: _promptFieldName, ...promptField } = promptFieldFields.shape;
const { name: flowName, slug, ...flow } = flowFields.shape;

const entry = z.union([
  z.strictObject({ group: z.string().min(1).max(200), superuser: z.boolean().default(false) }),
  z.strictObject({ promptField: z.string().min(1).max(200), ...promptField }),
  z.strictObject({ stage: stageName, kind: z.string(), config }),
  z.strictObject({ policy: policyName, kind: z.string(), config }),
  z.strictObject({
    flow: slug,
    name: flowName.optional(),
    ...flow,
    stages: z.array(stagePlace).default([]),
    policies: z.array(policyPlace).default([]),
  }),
]);

/**
 * Flows as a document. Objects are known by their name, flows by their slug; where a configuration refers to
 * another object, the document names it, and the installation's id is put in its place.
 */
const document = z.strictObject({ version: z.literal(1), name: z.string(), entries: z.array(entry).min(1) });

export type BlueprintDocument = z.infer<typeof document>;
export type BlueprintEntry = z.infer<typeof entry>;

/** Reads a document; throws on anything that is not one. */
export function parseDocument(text: string): BlueprintDocument {
  return document.parse(parse(text, { maxAliasCount: 0 }));
}
