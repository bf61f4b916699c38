import { readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';

import type { FastifyInstance, FastifyReply } from 'fastify';

/** Where each file of the page comes from: installed packages only, nothing from the network. */
const assets: Readonly<
  Record<string, { readonly of: string; readonly file: string; readonly type: string }>
> = {
  'react.js': { of: 'react', file: 'umd/react.production.min.js', type: 'text/javascript' },
  'react-dom.js': { of: 'react-dom', file: 'umd/react-dom.production.min.js', type: 'text/javascript' },
  'graphiql.js': { of: 'graphiql', file: 'graphiql.min.js', type: 'text/javascript' },
  'graphiql.css': { of: 'graphiql', file: 'graphiql.min.css', type: 'text/css' },
};

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Stagedoor: GraphiQL</title>
    <link rel="stylesheet" href="/graphiql/graphiql.css" />
    <link rel="stylesheet" href="/graphiql/page.css" />
  </head>
  <body>
    <div id="graphiql"></div>
    <script src="/graphiql/react.js"></script>
    <script src="/graphiql/react-dom.js"></script>
    <script src="/graphiql/graphiql.js"></script>
    <script src="/graphiql/page.js"></script>
  </body>
</html>
`;

const script = `const fetcher = GraphiQL.createFetcher({
  url: '/graphql',
  subscriptionUrl: new URL('/graphql', location.href).href.replace(/^http/, 'ws'),
});
const firstFlow = \`# Sign in: start the flow, then answer its challenges with submitStage.
mutation Start {
  startFlow(input: { flow: { designation: AUTHENTICATION } }) {
    id
    step {
      __typename
      ... on Challenge { id stageName errors { code message } }
    }
  }
}
\`;
ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(GraphiQL, { fetcher, defaultQuery: firstFlow }),
);
`;

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  // The editor writes styles of its own.
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** GraphiQL for browsers, where one would look for it. Development only. */
export function sendGraphiql(reply: FastifyReply): FastifyReply {
  return reply.type('text/html').header('content-security-policy', contentSecurityPolicy).send(page);
}

/** What the page loads. */
export function serveGraphiqlAssets(server: FastifyInstance): void {
  server.get('/graphiql/page.js', async (_request, reply) => reply.type('text/javascript').send(script));
  server.get('/graphiql/page.css', async (_request, reply) =>
    reply.type('text/css').send('html, body, #graphiql { height: 100%; margin: 0 }'),
  );
  for (const [name, { of, file, type }] of Object.entries(assets)) {
    server.get(`/graphiql/${name}`, async (_request, reply) =>
      reply.type(type).send(await readFile(join(folderOf(of), file))),
    );
  }
}

/** Where a package is installed; its files are read directly, because packages do not export such builds. */
function folderOf(packageName: string): string {
  const description = findPackageJSON(packageName, import.meta.url);
  if (description === undefined) throw new Error(`the package ${packageName} is not installed`);
  return dirname(description);
}
