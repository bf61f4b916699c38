import { randomBytes } from 'node:crypto';

import { cleanUp, newFolder, startServer } from '../support/server-process.js';
import type { ServerProcess } from '../support/server-process.js';

let development: ServerProcess;
let production: ServerProcess;

beforeAll(async () => {
  [development, production] = await Promise.all([
    startServer({ STAGEDOOR_DATA_DIR: newFolder() }),
    startServer({
      NODE_ENV: 'production',
      STAGEDOOR_DATA_DIR: newFolder(),
      STAGEDOOR_SECRET_KEYS: `a:${randomBytes(32).toString('base64url')}`,
      STAGEDOOR_PUBLIC_URL: 'https://auth.example.org',
    }),
  ]);
});
afterAll(cleanUp);

describe('health', () => {
  it.each(['live', 'ready'])('says %s where it is', async (kind) => {
    const response = await fetch(`${production.address}/health/${kind}`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: kind });
  });
});

describe('GET /graphql in development', () => {
  it('shows GraphiQL, all of it from this server', async () => {
    const response = await fetch(`${development.address}/graphql`, { headers: { accept: 'text/html' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    const page = await response.text();
    const assets = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(assets).toEqual(expect.arrayContaining(['/graphiql/graphiql.js', '/graphiql/graphiql.css']));
    expect(page).not.toMatch(/https?:|\/\//);
    for (const asset of assets) {
      expect(asset).toMatch(/^\/graphiql\//);
      const loaded = await fetch(`${development.address}${asset}`);
      expect(loaded.status).toBe(200);
      expect(loaded.headers.get('content-type')).toMatch(
        asset.endsWith('.css') ? /^text\/css/ : /^text\/javascript/,
      );
      const text = await loaded.text();
      expect(text.length).toBeGreaterThan(0);
      if (asset.endsWith('.css')) expect(text).not.toMatch(/@import|url\(\s*["']?(?!data:|#)/);
    }
  });

  it('lets the page load and call nothing else, whatever its scripts may wish', async () => {
    const response = await fetch(`${development.address}/graphql`);
    const rules = response.headers.get('content-security-policy')?.split('; ') ?? [];
    expect(rules).toEqual(
      expect.arrayContaining(["default-src 'none'", "script-src 'self'", "connect-src 'self'"]),
    );
    expect(rules.join(' ')).not.toMatch(/https?:|\*/);
  });

  it('answers the introspection that GraphiQL asks for', async () => {
    const { __schema } = await development.client().ok('{ __schema { mutationType { name } } }');
    expect(__schema).toEqual({ mutationType: { name: 'Mutation' } });
  });
});

describe('in production', () => {
  it.each(['/graphql', '/graphiql/graphiql.js', '/graphiql/page.js'])(
    'there is no page: %s',
    async (path) => {
      const response = await fetch(`${production.address}${path}`);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    },
  );

  it('the schema is not told', async () => {
    const { errors } = await production.client().send('{ __schema { mutationType { name } } }');
    expect(errors).not.toEqual([]);
  });

  it('the greeting does not speak of GraphiQL', () => {
    expect(production.stdout).not.toContain('GraphiQL');
    expect(production.stdout).toContain('Stagedoor answers at https://auth.example.org/graphql');
  });
});
