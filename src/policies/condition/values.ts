import { z } from 'zod';

import { IpAddress } from '../../kernel/ip.js';
import type { IpNetwork } from '../../kernel/ip.js';
import type { Json } from '../../kernel/json.js';

/** What a variable can be. Of `any` it is not known beforehand: it is read as one of the cast types. */
export const valueTypes = ['string', 'number', 'boolean', 'datetime', 'ip', 'enum', 'list', 'any'] as const;
export type ValueType = (typeof valueTypes)[number];

export const castTypes = ['string', 'number', 'boolean', 'datetime', 'ip'] as const;

/** What variables give, before it is read as a value of a type. Nothing at all is null or undefined. */
export type Raw = Json | Date | undefined;

/** What operators work on. A network is only ever compared with. */
export type Value = string | number | boolean | Date | IpAddress | IpNetwork | readonly string[];

const list = z.array(z.string());
const moment = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

/**
 * What was read, as a value of this type; undefined where it is none. Numbers and truth values are also read from
 * text, and text from them.
 */
export function valueOf(type: Exclude<ValueType, 'any'>, raw: Raw): Value | undefined {
  switch (type) {
    case 'string':
    case 'enum':
      if (typeof raw === 'number' || typeof raw === 'boolean') return String(raw);
      return typeof raw === 'string' ? raw : undefined;
    case 'number':
      return typeof raw === 'string' ? numberIn(raw) : typeof raw === 'number' ? raw : undefined;
    case 'boolean':
      if (typeof raw === 'boolean') return raw;
      return raw === 'true' ? true : raw === 'false' ? false : undefined;
    case 'datetime':
      return raw instanceof Date ? raw : momentIn(raw);
    case 'ip':
      return typeof raw === 'string' ? IpAddress.parse(raw) : undefined;
    case 'list':
      return list.safeParse(raw).data;
  }
}

function numberIn(text: string): number | undefined {
  return /^[+-]?\d{1,300}(\.\d{1,300})?$/.test(text) ? Number(text) : undefined;
}

/** A day begins at midnight, UTC. */
function momentIn(raw: Raw): Date | undefined {
  const parsed = moment.safeParse(raw);
  return parsed.success ? new Date(parsed.data) : undefined;
}
