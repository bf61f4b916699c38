import { agreeableRun } from '../../../test/support/stage-run.js';
import { invitationKey, invitationTokenKey, promptDataKey } from '../../flow/context-keys.js';
import type { PromptFieldDefinition } from '../../flow/prompt-field.js';
import type { StageRun } from '../../flow/stage-kind.js';
import { promptStage } from './stage.js';

const ids = {
  email: 'b4c1b1a0-0000-4000-8000-000000000001',
  passwordRepeat: 'b4c1b1a0-0000-4000-8000-000000000002',
  invitationToken: 'b4c1b1a0-0000-4000-8000-000000000003',
};

const fields: readonly PromptFieldDefinition[] = Object.entries(ids).map(([key, id], order) => ({
  ...{ id, name: key, key, label: key, order, required: true },
  ...{ placeholder: '', initialValue: '', helpText: '', version: 1, choices: [], choicesExpression: null },
  ...{ labelExpression: null, placeholderExpression: null, initialValueExpression: null },
  type: key === 'passwordRepeat' ? 'PASSWORD' : 'TEXT',
}));

/** A form of all the fields, for somebody whose invitation decides two of them. */
function invited(): StageRun {
  const { run } = agreeableRun('prompt', { fieldIds: Object.values(ids), validationPolicyIds: [] });
  const { definitions } = run.services;
  return {
    ...run,
    services: {
      ...run.services,
      definitions: { ...definitions, promptField: (wanted) => fields.find(({ id }) => id === wanted) },
    },
    context: run.context.with([
      invitationKey.to({ id: 'i1', name: 'one', flowId: 'f1', fixed: ['email', 'passwordRepeat'] }),
      promptDataKey.to({ email: 'ada@example.org', passwordRepeat: 'known to whoever invites' }),
      invitationTokenKey.to('brought'),
    ]),
  };
}

const answer = (values: Record<string, string>) =>
  promptStage.answer?.(invited(), {
    values: Object.entries(values).map(([key, text]) => ({ key, value: { text } })),
  });
const password = 'a long enough password';

describe('a form for somebody who is invited', () => {
  it('shows what is decided, and asks for the rest; nobody else chooses a password', async () => {
    expect(await promptStage.present(invited())).toMatchObject({
      type: 'ask',
      challenge: {
        fields: [
          { key: 'email', type: 'STATIC', required: false, initialValue: 'ada@example.org' },
          { key: 'passwordRepeat', type: 'PASSWORD', required: true, initialValue: '' },
          { key: 'invitationToken', type: 'TEXT', initialValue: '' },
        ],
      },
    });
  });

  it('takes no other value for what is decided', async () => {
    const values = { email: 'mallory@example.org', passwordRepeat: password, invitationToken: 'typed' };
    expect(await answer(values)).toMatchObject({
      type: 'retry',
      errors: [{ field: 'values.email', code: 'UNKNOWN_FIELD' }],
    });
  });

  it('keeps what was typed as an invitation’s secret among the secrets, instead of what was brought', async () => {
    const outcome = await answer({ passwordRepeat: password, invitationToken: 'typed' });
    const changes = outcome?.type === 'pass' ? outcome.changes : [];
    const { open, secret } = invited().context.with(changes);
    expect(secret).toMatchObject({ invitationToken: 'typed' });
    expect(JSON.stringify(open)).not.toContain('typed');
    expect(open).toMatchObject({ promptData: { email: 'ada@example.org' } });
  });
});
