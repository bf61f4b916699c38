import { Secret } from '../kernel/secret.js';
import { textWay } from './message-way.js';
import type { ClaimedMail } from './outbox.js';
import type { OutgoingText, TextSender } from './services/text-messages.js';
import { Undeliverable } from './services/undeliverable.js';

const SENDER: TextSender = {
  ...{ provider: 'GENERIC', fromNumber: 'Acme', url: 'https://sms.example/', authType: 'BEARER' },
  ...{ username: '', secret: new Secret('secret') },
};

function messageOf(also: Partial<ClaimedMail> = {}): ClaimedMail {
  return {
    ...{ id: 'a', claim: 'claim', template: 'sign-in-code', to: '…89', userId: null, stageId: 'stage' },
    ...{ language: 'DE', brandName: 'Acme', attempts: 1, expiresAt: new Date(0) },
    values: () => ({ code: '123456', number: '+4915123456789' }),
    ...also,
  };
}

/** What is sent of a message, and by whom. */
async function sent(message: ClaimedMail, sender: TextSender | undefined = SENDER): Promise<unknown[]> {
  const log: [OutgoingText, TextSender][] = [];
  const way = textWay({
    words: { say: ({ language, brandName, code }) => `${language} ${brandName} ${code}` },
    senders: { of: async (id) => (id === 'stage' ? sender : undefined) },
    transport: { send: async (...how) => void log.push(how) },
    hostname: 'auth.example.org',
  });
  await way.send(message);
  return log;
}

describe('a text message', () => {
  it('ends with a line that binds its code to our pages, and goes to the number that was sealed', async () => {
    const text = 'DE Acme 123456\n\n@auth.example.org #123456';
    expect(await sent(messageOf())).toEqual([[{ id: 'a', to: '+4915123456789', text }, SENDER]]);
  });

  it.each([
    ['without a stage', messageOf({ stageId: null })],
    ['of a stage that is gone', messageOf({ stageId: 'gone' })],
    ['without a number', messageOf({ values: () => ({ code: '123456' }) })],
    ['without a code', messageOf({ values: () => ({ number: '+4915123456789' }) })],
  ])('%s is never sent', async (_what, message) => {
    await expect(sent(message)).rejects.toBeInstanceOf(Undeliverable);
  });

  it('that cannot be decrypted yet is tried again', async () => {
    const values = () => {
      throw new Error('the key is not there');
    };
    await expect(sent(messageOf({ values }))).rejects.not.toBeInstanceOf(Undeliverable);
  });
});
