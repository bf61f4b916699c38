import { Composer, filledIn, uniqueName } from '../support/compose.js';
import { signedIn, start, submit } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';

const PASSWORD = 'a long way to tipperary';

let app: TestApp;
let composer: Composer;
beforeAll(async () => {
  app = await startTestApp();
  composer = new Composer(await signedIn(app));
});
afterAll(() => app.close());

describe('an account made in a flow', () => {
  it('is known to the stages after it in the same request, also where they ask in between', async () => {
    const fieldIds = [
      await composer.promptField({ key: 'username', type: 'USERNAME' }),
      await composer.promptField({ key: 'password', type: 'PASSWORD' }),
    ];
    const { slug } = await composer.flowOf(
      {},
      { prompt: { fieldIds } },
      { userWrite: {} },
      { dummy: {} },
      { userLogin: {} },
    );
    const username = uniqueName('person');
    const client = app.client();
    const done = await start(client, {
      flow: { slug },
      responses: [filledIn({ username, password: PASSWORD }), { dummy: { acknowledge: true } }],
    });
    expect(done).toMatchObject({ responsesUsed: 2, step: { __typename: 'FlowCompleted', session: {} } });
    expect((await client.ok('{ viewer { username } }')).viewer).toEqual({ username });
  });
});

describe('a form', () => {
  it('says which field is too long or cannot be stored, by its key', async () => {
    const { slug } = await composer.enrollment();
    const client = app.client();
    const form = await start(client, { flow: { slug } });
    const tooLong = await submit(client, form, filledIn({ username: 'x'.repeat(1001), password: PASSWORD }));
    expect(tooLong.step.errors).toMatchObject([{ field: 'values.username', code: 'TOO_LONG' }]);
    const hostile = await submit(client, tooLong, filledIn({ username: 'a\0b', password: 'x'.repeat(300) }));
    expect(hostile.step.errors).toMatchObject([
      { field: 'values.username', code: 'INVALID' },
      { field: 'values.password', code: 'TOO_LONG' },
    ]);
  });
});
