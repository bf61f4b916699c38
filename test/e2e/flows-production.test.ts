import { Composer } from '../support/compose.js';
import { signedIn } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';

let app: TestApp;
let composer: Composer;
beforeAll(async () => {
  app = await startTestApp({ NODE_ENV: 'production', STAGEDOOR_PUBLIC_URL: 'https://login.example.org' });
  composer = new Composer(await signedIn(app));
});
afterAll(() => app.close());

describe('a production installation', () => {
  it('has no stages and no policies for trying things out', async () => {
    await expect(composer.stage({ dummy: {} })).rejects.toThrow('BAD_USER_INPUT');
    await expect(composer.policy({ dummy: {} })).rejects.toThrow('BAD_USER_INPUT');
    for (const kind of [
      '{ stages(filter: { kind: DUMMY }) { totalCount } }',
      '{ policies(filter: { kind: DUMMY }) { totalCount } }',
    ]) {
      expect((await composer.admin.send(kind)).errors).toMatchObject([
        { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
      ]);
    }
  });

  it('tells nobody about its schema', async () => {
    const { errors } = await app.client().send('{ __schema { types { name } } }');
    expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    const { errors: typo } = await app.client().send('{ viewr { id } }');
    expect(JSON.stringify(typo)).not.toContain('viewer');
  });

  it('composes flows of everything else', async () => {
    const { slug } = await composer.flowOf({}, { identification: {} }, { password: {} }, { userLogin: {} });
    expect(
      (await composer.admin.ok('query($slug: String) { flow(slug: $slug) { slug } }', { slug })).flow,
    ).toEqual({
      slug,
    });
  });
});
