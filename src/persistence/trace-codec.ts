import { z } from 'zod';

import type { JsonObject } from '../kernel/json.js';
import { isEffectKind } from '../flow/effect-kinds.js';
import type { KeptEntry } from '../flow/inspection.js';
import { flowEvents, policyMoments, stageEvents } from '../flow/trace.js';
import type { TraceEntry } from '../flow/trace.js';

const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());

const kept: z.ZodType<KeptEntry> = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('policy'),
    moment: z.enum(policyMoments),
    flow: z.string(),
    stage: z.string().nullable(),
    bindingId: z.string(),
    policy: z.string(),
    passing: z.boolean(),
    messages: z.array(z.string()),
    error: z.string().nullable(),
    milliseconds: z.number(),
    // What follows is not there in what was recorded before 0.2.
    read: jsonObject.default({}),
    decidedBy: z.array(z.string()).default([]),
    calls: z
      .array(
        z.strictObject({
          policy: z.string(),
          passing: z.boolean(),
          messages: z.array(z.string()),
          error: z.string().nullable(),
          read: jsonObject,
          decidedBy: z.array(z.string()),
        }),
      )
      .default([]),
  }),
  z.strictObject({
    type: z.literal('stage'),
    event: z.enum(stageEvents),
    flow: z.string(),
    stage: z.string(),
    kind: z.string(),
    bindingId: z.string(),
    codes: z.array(z.string()),
  }),
  z.strictObject({
    type: z.literal('flow'),
    event: z.enum(flowEvents),
    flow: z.string().nullable(),
    code: z.string().nullable(),
    message: z.string().nullable(),
  }),
  z.strictObject({
    type: z.literal('effect'),
    effect: z.string().refine(isEffectKind),
    details: jsonObject,
  }),
]);

const entries = z.array(kept);

/** An entry as it is kept: what a policy could read is for simulations, and would make the record as large as they are many. */
export function storedEntry(entry: TraceEntry): KeptEntry {
  if (entry.type !== 'policy') return entry;
  const { input: _input, ...rest } = entry;
  return { ...rest, milliseconds: Math.round(rest.milliseconds * 1000) / 1000 };
}

/** The entries of one request, as they were kept. What is read is checked: a row that does not fit is a fault. */
export function readEntries(stored: unknown): KeptEntry[] {
  return entries.parse(stored);
}
