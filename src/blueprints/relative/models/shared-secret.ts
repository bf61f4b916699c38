import type { Entry, Given } from '../entry.js';
import type { Rule, Writing } from '../rules.js';

/** The model of a secret that several objects can name; here each keeps its own. */
export const SECRET = 'authentik_crypto_secrets.secret';
/** Whose value is what it says; what a file holds is written in another way. */
const TEXT = ['text', 'multiline'];

/** A secret that the document has as an entry of its own: what that says is kept by the stage, as if it stood there. */
export function sharedSecret(field: string): Rule {
  return (given, writing) => {
    // The stage may have its own, under the name of before.
    if (given.value === null) return;
    const entry = writing.names.entryOf(given.value);
    const value = entry && valueOf(entry);
    if (value) writing.secret(field, value);
    else notHere(given, writing);
  };
}

function valueOf({ model, state, skipped, fields }: Entry): Given | undefined {
  const type = fields.get('type')?.value ?? 'text';
  const isText = typeof type === 'string' && TEXT.includes(type);
  const value = fields.get('value');
  const isThere = model === SECRET && state !== 'absent' && !skipped && isText;
  return isThere && typeof value?.value === 'string' && value.value !== '' ? value : undefined;
}

function notHere({ path }: Given, { problems }: Writing): void {
  problems.unsupported(
    path,
    'Secrets that are kept there are not known here. Have the secret in this document, with its `value` as text, and name it by !KeyOf.',
  );
}
