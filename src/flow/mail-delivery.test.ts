import { secondsAfter } from '../kernel/clock.js';
import { MailDelivery } from './mail-delivery.js';
import { LEASE_SECONDS, MOST_ATTEMPTS, nextAttempt } from './outbox.js';
import { mailWay } from './message-way.js';
import type { ClaimedMail, Outbox } from './outbox.js';
import type { OutgoingMail } from './services/mail-transport.js';
import { Undeliverable } from './services/undeliverable.js';

const NOW = new Date('2030-01-01T00:00:00Z');
const WEEK = 7 * 24 * 3600;

function mailOf(id: string, also: Partial<ClaimedMail> = {}): ClaimedMail {
  return {
    ...{ id, claim: `claim of ${id}`, template: 'password-changed', to: `${id}@example.org`, userId: null },
    ...{ stageId: null, language: 'DE', brandName: 'Acme', attempts: 1, expiresAt: secondsAfter(NOW, WEEK) },
    values: () => ({ when: 'now' }),
    ...also,
  };
}

/** A delivery over fakes that note everything, and hand out these mails. */
function scene(mails: ClaimedMail[], send: (mail: OutgoingMail) => Promise<void> = async () => undefined) {
  const log: string[] = [];
  const done: Record<string, unknown> = {};
  const outbox: Outbox = {
    claim: async () => mails.shift(),
    sent: async ({ id }) => void (done[id] = 'SENT'),
    postpone: async ({ id }, reason, until) => void (done[id] = [reason, until]),
    giveUp: async ({ id }, reason) => void (done[id] = [reason, 'DEAD']),
    dismiss: async ({ id }) => void (done[id] = 'VOID'),
    discard: () => Promise.reject(new Error('nobody asked for this')),
  };
  const delivery = new MailDelivery({
    outbox,
    way: mailWay(
      {
        render: async ({ template, language, brandName, values }) => ({
          subject: `${template} ${language} ${brandName}`,
          text: JSON.stringify(values),
          html: '',
        }),
      },
      {
        send,
        rehearse: async ({ id }) => void log.push(`${id} rehearsed`),
        close: async () => void log.push('transport closed'),
      },
    ),
    clock: { now: () => NOW },
    reports: {
      failing: (reason, { id }) => log.push(`${id} failing: ${reason}`),
      givenUp: (reason, { id }) => log.push(`${id} given up: ${reason}`),
      broken: (error) => log.push(String(error)),
    },
  });
  return { delivery, outbox, log, done, mails };
}

const refusing = () => Promise.reject(new Error('no'));

it('everything that is due is sent, however little it was woken', async () => {
  const sent: OutgoingMail[] = [];
  const ids = Array.from({ length: 23 }, (_, index) => `mail-${index}`);
  const { delivery, done } = scene(
    ids.map((id) => mailOf(id)),
    async (mail) => void sent.push(mail),
  );
  delivery.wake();
  await delivery.settled();
  expect(done).toEqual(Object.fromEntries(ids.map((id) => [id, 'SENT'])));
  expect(sent.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  expect(sent.find(({ id }) => id === 'mail-3')).toEqual({
    ...{ id: 'mail-3', to: 'mail-3@example.org', brandName: 'Acme' },
    ...{ subject: 'password-changed DE Acme', text: '{"when":"now"}', html: '' },
  });
});

it('no more than five mails are on their way at once, and some that hang hold up none of the others', async () => {
  let underWay = 0;
  let most = 0;
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const mails = Array.from({ length: 40 }, (_, index) => mailOf(`mail-${index}`));
  const { delivery, done } = scene(mails, async ({ id }) => {
    most = Math.max(most, (underWay += 1));
    if (['mail-0', 'mail-1', 'mail-2', 'mail-3'].includes(id)) await held;
    if (id === 'mail-39') release();
    underWay -= 1;
  });
  for (let time = 0; time < 20; time += 1) delivery.wake();
  await delivery.settled();
  expect(most).toBe(5);
  expect(Object.keys(done)).toHaveLength(40);
});

it('what fails is tried again later, and that mails fail is told once until one is sent', async () => {
  const failing = new Set(['a', 'b', 'd']);
  const { delivery, done, log, mails } = scene([], async ({ id }) => {
    if (failing.has(id)) throw new Error(`not ${id}`);
  });
  for (const id of ['a', 'b', 'c', 'd']) {
    mails.push(mailOf(id));
    delivery.wake();
    await delivery.settled();
  }
  expect(done).toEqual({
    a: ['not a', secondsAfter(NOW, 5)],
    b: ['not b', secondsAfter(NOW, 5)],
    c: 'SENT',
    d: ['not d', secondsAfter(NOW, 5)],
  });
  expect(log).toEqual(['a failing: not a', 'd failing: not d']);
});

it('what was tried often enough, or would come too late, is given up, and each time told', async () => {
  const { delivery, done, log } = scene(
    [
      mailOf('often', { attempts: MOST_ATTEMPTS }),
      mailOf('soon late', { expiresAt: secondsAfter(NOW, 5) }),
      mailOf('in time', { expiresAt: secondsAfter(NOW, 6) }),
    ],
    refusing,
  );
  delivery.wake();
  await delivery.settled();
  expect(done).toEqual({
    often: ['no', 'DEAD'],
    'soon late': ['no', 'DEAD'],
    'in time': ['no', secondsAfter(NOW, 5)],
  });
  expect(log.toSorted()).toEqual(['in time failing: no', 'often given up: no', 'soon late given up: no']);
});

it('what nobody will ever take is given up at once', async () => {
  const { delivery, done } = scene([mailOf('wrong')], () => Promise.reject(new Undeliverable('never')));
  delivery.wake();
  await delivery.settled();
  expect(done).toEqual({ wrong: ['never', 'DEAD'] });
});

it('what has expired, or has been the end of everybody who tried, is not sent any more', async () => {
  const sent: string[] = [];
  const { delivery, done } = scene(
    [mailOf('expired', { expiresAt: NOW }), mailOf('deadly', { attempts: MOST_ATTEMPTS + 1 })],
    async ({ id }) => void sent.push(id),
  );
  delivery.wake();
  await delivery.settled();
  expect(done).toEqual({
    expired: ['It had expired before it could be sent.', 'DEAD'],
    deadly: ['Nobody who began to send it came to an end.', 'DEAD'],
  });
  expect(sent).toEqual([]);
});

it('a mail for nobody takes all that a mail takes, and is sent to nobody', async () => {
  const { delivery, done, log } = scene([mailOf('decoy', { to: null })], refusing);
  delivery.wake();
  await delivery.settled();
  expect(done).toEqual({ decoy: 'VOID' });
  expect(log).toEqual(['decoy rehearsed']);
});

it('a mail that cannot be decrypted holds up none of the others', async () => {
  const values = () => {
    throw new Error('the secret key old is not configured');
  };
  const { delivery, done } = scene([mailOf('a', { values }), mailOf('b')]);
  delivery.wake();
  await delivery.settled();
  expect(done).toEqual({ a: ['the secret key old is not configured', secondsAfter(NOW, 5)], b: 'SENT' });
});

it('an outbox that cannot be used is told once, and looked into again when there is reason to', async () => {
  const { delivery, outbox, done, log, mails } = scene([]);
  const { claim } = outbox;
  outbox.claim = () => Promise.reject(new Error('no database'));
  delivery.wake();
  await delivery.settled();
  delivery.wake();
  await delivery.settled();
  expect(log).toEqual(['Error: no database']);
  outbox.claim = claim;
  mails.push(mailOf('a'));
  delivery.wake();
  await delivery.settled();
  expect(done).toEqual({ a: 'SENT' });
});

it('closing finishes what is on its way, begins nothing else, and then closes the way', async () => {
  let release: () => void = () => undefined;
  let begun: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const sending = new Promise<void>((resolve) => (begun = resolve));
  const mails = Array.from({ length: 20 }, (_, index) => mailOf(`mail-${index}`));
  const { delivery, done, log } = scene(mails, async () => {
    begun();
    await held;
  });
  delivery.wake();
  await sending;
  const closed = delivery.close();
  const claimed = 20 - mails.length;
  expect(log).toEqual([]);
  release();
  await closed;
  delivery.wake();
  await delivery.settled();
  expect(Object.keys(done)).toHaveLength(claimed);
  expect(log).toEqual(['transport closed']);
});

describe('the pauses between attempts', () => {
  const pauseAfter = (attempts: number): number | null => {
    const next = nextAttempt({ attempts, expiresAt: secondsAfter(NOW, WEEK) }, NOW);
    return next && (next.getTime() - NOW.getTime()) / 1000;
  };

  it('double, up to a quarter of an hour, and end after ten attempts', () => {
    const pauses = Array.from({ length: 11 }, (_, index) => pauseAfter(index + 1));
    expect(pauses).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 900, null, null]);
  });

  it('a claim lasts longer than sending may take', () => expect(LEASE_SECONDS).toBeGreaterThan(30));
});
