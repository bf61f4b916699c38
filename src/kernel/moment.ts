import { z } from 'zod';

/** A moment in ISO 8601, of the years that both JSON and the database can write: there is no year 0. */
export const momentText = z.iso
  .datetime({ offset: true, abort: true })
  .refine((text) => isKept(new Date(text)), {
    error: 'Must lie between the years 1 and 9999.',
  });

function isKept(moment: Date): boolean {
  const year = moment.getUTCFullYear();
  return year >= 1 && year <= 9999;
}
