import { Batches } from './batches.js';

/** A way to send that takes until it is told how it went. */
function sender() {
  const sent: { readonly texts: readonly string[]; arrive(): void; fail(): void }[] = [];
  const send = (texts: readonly string[]): Promise<void> =>
    new Promise((resolve, reject) => {
      sent.push({ texts, arrive: resolve, fail: () => reject(new Error('lost on the way')) });
    });
  return { send, sent, batches: () => sent.map(({ texts }) => texts) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('what nobody waits for', () => {
  it('is sent at once, and while that is under way it gathers', async () => {
    const { send, sent, batches } = sender();
    const outbox = new Batches(send, () => undefined);
    outbox.add('a');
    for (const text of ['b', 'c', 'b']) outbox.add(text);
    expect(batches()).toEqual([['a']]);
    sent[0]?.arrive();
    await turn();
    expect(batches()).toEqual([['a'], ['b', 'c']]);
  });

  it('is sent however long nothing was', async () => {
    const { send, sent, batches } = sender();
    const outbox = new Batches(send, () => undefined);
    outbox.add('a');
    sent[0]?.arrive();
    await outbox.settled();
    outbox.add('a');
    expect(batches()).toEqual([['a'], ['a']]);
  });

  it('fails for nobody: it is reported, and the next goes its way', async () => {
    const { send, sent, batches } = sender();
    const reported: unknown[] = [];
    const outbox = new Batches(send, (error) => void reported.push(error));
    outbox.add('a');
    outbox.add('b');
    sent[0]?.fail();
    await turn();
    expect(reported).toEqual([new Error('lost on the way')]);
    expect(batches()).toEqual([['a'], ['b']]);
  });

  it('is waited for at the end', async () => {
    const { send, sent } = sender();
    const outbox = new Batches(send, () => undefined);
    let settled = false;
    outbox.add('a');
    outbox.add('b');
    const end = outbox.settled().then(() => (settled = true));
    sent[0]?.arrive();
    await turn();
    expect(settled).toBe(false);
    sent[1]?.arrive();
    await end;
    expect(settled).toBe(true);
  });
});
