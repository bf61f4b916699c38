import { Refusal } from '../kernel/refusal.js';

/** PostgreSQL's names for what its constraints say (appendix A of its manual). */
const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';

/** What the database's constraints say, for administrators; whatever else it is stays as it is. */
export function asRefusal(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  switch (error.code) {
    case UNIQUE_VIOLATION:
      return new Refusal('CONFLICT', 'There is one already with this name, slug or place.');
    case FOREIGN_KEY_VIOLATION:
      return error.message.includes('is still referenced')
        ? new Refusal(
            'CONFLICT',
            'It is still in use: unbind it, or take it out of the configurations that name it.',
          )
        : new Refusal('CONFLICT', 'Something that this refers to does not exist.');
    default:
      return error;
  }
}
