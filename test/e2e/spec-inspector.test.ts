import { Composer } from '../support/compose.js';
import type { ComposedFlow } from '../support/compose.js';
import { signedIn, start, submit } from '../support/flows.js';
import type { Execution } from '../support/flows.js';
import { inspect } from '../support/inspector.js';
import { ADMIN, startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

// Cases 38 to 40 of the relative: an administrator runs a flow of identification and a dummy stage, and looks at it.

const WHOLE_CHALLENGE = /* GraphQL */ `
  query Whole($id: ID!) {
    flowExecution(id: $id) {
      flow {
        slug
        title
        designation
        layout
        backgroundUrl
      }
      step {
        ... on IdentificationChallenge {
          stageName
          errors {
            code
          }
          messages {
            text
          }
          user {
            displayName
          }
          userFields
          loginHint
          passwordRequired
          enrollmentFlow {
            slug
          }
          recoveryFlow {
            slug
          }
          passwordlessFlow {
            slug
          }
        }
      }
    }
  }
`;

let app: TestApp;
let admin: TestClient;
let flow: ComposedFlow;
let first: Execution;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  const composer = new Composer(admin);
  flow = await composer.flow({ title: 'Who is it?', designation: 'AUTHENTICATION' });
  const who = await composer.stage(
    { identification: { userFields: ['USERNAME'], pretendUserExists: false } },
    'who',
  );
  await composer.bind(flow.id, who, 0);
  await composer.bind(flow.id, await composer.stage({ dummy: {} }, 'whatever'), 10);
});
beforeEach(async () => {
  first = await start(admin, { flow: { slug: flow.slug } });
});
afterAll(() => app.close());

describe('a flow of identification and a dummy stage', () => {
  it('shows an identification challenge with these members and no others', async () => {
    const { flowExecution } = await admin.ok(WHOLE_CHALLENGE, { id: first.id });
    expect(flowExecution).toEqual({
      flow: {
        slug: flow.slug,
        title: 'Who is it?',
        designation: 'AUTHENTICATION',
        layout: 'STACKED',
        backgroundUrl: null,
      },
      step: {
        stageName: 'who',
        errors: [],
        messages: [],
        user: { displayName: ADMIN.username },
        userFields: ['USERNAME'],
        loginHint: null,
        passwordRequired: false,
        enrollmentFlow: null,
        recoveryFlow: null,
        passwordlessFlow: null,
      },
    });
  });

  it('is seen by the inspector to run, to stand at the identification and to have the dummy stage ahead', async () => {
    const execution = await inspect(admin, { id: first.id });
    expect(execution).toMatchObject({
      state: 'RUNNING',
      flow: { slug: flow.slug },
      step: { kind: 'CHALLENGE', stageName: 'who', stageKind: 'IDENTIFICATION' },
    });
    expect(execution.stages).toMatchObject([
      { stageName: 'who', stageKind: 'IDENTIFICATION', outcome: 'CURRENT' },
      { stageName: 'whatever', stageKind: 'DUMMY', outcome: 'AHEAD' },
    ]);
  });

  it('is seen, once the username has been sent, to have asked for it and to be about that person', async () => {
    await submit(admin, first, { identification: { identifier: ADMIN.username } });
    const execution = await inspect(admin, { id: first.id });
    expect(execution).toMatchObject({
      state: 'RUNNING',
      user: { username: ADMIN.username },
      step: { stageName: 'whatever' },
      context: { pendingUser: { id: execution.user.id, identifier: ADMIN.username } },
    });
    expect(execution.history[0].entries).toContainEqual(
      expect.objectContaining({ stageEvent: 'ASKED', stageName: 'who', stageKind: 'IDENTIFICATION' }),
    );
    expect(execution.stages).toMatchObject([
      { stageName: 'who', outcome: 'PASSED' },
      { stageName: 'whatever', outcome: 'CURRENT' },
    ]);
  });
});
