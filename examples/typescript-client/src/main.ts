import { allFlows, createClosedFlow } from './admin.ts';
import { Client } from './client.ts';
import { ViewerDocument } from './gql/graphql.ts';
import { logIn } from './login.ts';

const {
  STAGEDOOR_URL = 'http://localhost:4000',
  STAGEDOOR_USERNAME = '',
  STAGEDOOR_PASSWORD = '',
  STAGEDOOR_BY_ID,
} = process.env;
const [slug] = process.argv.slice(2);

const client = new Client(STAGEDOOR_URL, { byId: STAGEDOOR_BY_ID === 'true' });
try {
  await logIn(client, { identifier: STAGEDOOR_USERNAME, password: STAGEDOOR_PASSWORD });
  const { viewer } = await client.run(ViewerDocument, {});
  console.log(`Signed in as ${viewer?.username ?? 'nobody'} until ${viewer?.session.expiresAt ?? 'now'}.`);
  if (slug !== undefined) {
    const made = await createClosedFlow(client, slug);
    console.log(made ? `The flow ${slug} is made.` : `There is a flow ${slug} already.`);
  }
  for await (const flow of allFlows(client)) console.log(`${flow.designation}  ${flow.slug}  ${flow.name}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
