import { Refusal } from '../kernel/refusal.js';

/** PostgreSQL's names for what its constraints say (appendix A of its manual). */
const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';

/** Where an input said what somebody else has already, by the constraint that found it. */
const placesOfTaken = new Map([
  ['flow_slug_unique', 'input.slug'],
  ['stage_name_unique', 'input.name'],
  ['prompt_field_name_unique', 'input.name'],
  ['policy_name_unique', 'input.name'],
  ['user_group_name_unique', 'input.name'],
  ['invitation_name_unique', 'input.name'],
  ['flow_stage_binding_flow_id_stage_id_order_unique', 'input.order'],
]);

/** What the database's constraints say, for administrators; whatever else it is stays as it is. */
export function asRefusal(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  switch (error.code) {
    case UNIQUE_VIOLATION:
      return taken('constraint' in error ? placesOfTaken.get(String(error.constraint)) : undefined);
    case FOREIGN_KEY_VIOLATION:
      return error.message.includes('update or delete on table')
        ? new Refusal(
            'CONFLICT',
            'It is still in use: unbind it, or take it out of the configurations that name it.',
            { usedBy: [] },
          )
        : new Refusal('CONFLICT', 'Something that this refers to does not exist.');
    default:
      return error;
  }
}

function taken(path: string | undefined): Refusal {
  const message = 'There is one already with this name, slug or place.';
  return new Refusal(
    'CONFLICT',
    message,
    path === undefined ? {} : { fields: [{ path, code: 'TAKEN', message }] },
  );
}
