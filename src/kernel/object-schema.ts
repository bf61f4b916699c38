import type { z } from 'zod';

/** A zod object of whatever fields; each of them is known to be a schema. */
export type ObjectSchema = z.ZodObject<z.core.$ZodShape>;
