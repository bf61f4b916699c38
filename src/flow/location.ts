import { z } from 'zod';

/** Where an address is, as far as that is known. A hint, and never a factor. */
export const location = z.strictObject({
  /** ISO 3166-1 alpha-2. */
  country: z.string().nullable(),
  /** Two letters, as GeoNames has them: AF, AN, AS, EU, NA, OC, SA. */
  continent: z.string().nullable(),
  city: z.string().nullable(),
  /** In degrees. */
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
  /** The number of the autonomous system. */
  asn: z.number().nullable(),
  /** Whose that is. */
  organization: z.string().nullable(),
});

export type Location = z.infer<typeof location>;
