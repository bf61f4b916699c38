import { solved } from '../support/captchas.js';
import { filledIn } from '../support/compose.js';
import { viewerOf } from '../support/executions.js';
import { appCode, member, withApp } from '../support/factor-journeys.js';
import { Journey } from '../support/journey.js';
import { MailedApp, NEW_PASSWORD, codeIn } from '../support/mailed.js';
import type { PersonWithMail } from '../support/mailed.js';
import type { TestClient } from '../support/test-client.js';

const FLOWS = `{
  flows(first: 200) {
    edges {
      node {
        id
        slug
        designation
        authentication
        stageBindings { stage { kind config { ... on UserWriteConfig { creation } } } }
      }
    }
    pageInfo { hasNextPage }
  }
}`;
const LINT = 'query($slug: String) { lintFlow(slug: $slug) { code path binding { stage { name } } } }';
const CREATE_LINK = `mutation($input: CreateRecoveryLinkInput!) {
  createRecoveryLink(input: $input) { token }
}`;
const SET_DEFAULT = `mutation($id: ID!) {
  setDefaultFlow(designation: RECOVERY, flowId: $id) { brandName }
}`;
/** More challenges than any shipped flow has. */
const MOST_STEPS = 20;

interface Way {
  readonly id: string;
  readonly slug: string;
  readonly designation: string;
  readonly authentication: string;
  /** Whether it makes the account itself, which has nothing set up then. */
  readonly makesPeople: boolean;
}

interface Owner {
  readonly person: PersonWithMail;
  /** Where they are signed in. */
  readonly client: TestClient;
  readonly key: string;
}

let house: MailedApp;
/** Each shipped flow in which somebody is signed in, as the service itself tells. */
let ways: readonly Way[];
let slugs: readonly string[];
beforeAll(async () => {
  house = await MailedApp.start();
  const { flows } = await house.admin.ok(FLOWS);
  expect(flows.pageInfo.hasNextPage).toBe(false);
  const nodes: Shown[] = flows.edges.map(({ node }: { node: Shown }) => node);
  slugs = nodes.map(({ slug }) => slug);
  ways = nodes
    .filter(({ stageBindings }) => stageBindings.some(({ stage }) => stage.kind === 'USER_LOGIN'))
    .map((flow) => ({
      ...flow,
      makesPeople: flow.stageBindings.some(({ stage }) => stage.config.creation === 'ALWAYS'),
    }));
});
afterAll(() => house.close());

type Shown = Omit<Way, 'makesPeople'> & {
  readonly stageBindings: readonly {
    readonly stage: { readonly kind: string; readonly config: { readonly creation?: string } };
  }[];
};

async function owner(): Promise<Owner> {
  await house.signInAgain();
  const { person, client } = await member(house);
  return { person, client, key: await withApp(house, client) };
}

/** A link opens the flow that is the default one for that. */
async function linkFor({ username }: PersonWithMail, { id }: Way): Promise<string> {
  await house.admin.ok(SET_DEFAULT, { id });
  const input = { user: { identifier: username } };
  return (await house.admin.ok(CREATE_LINK, { input })).createRecoveryLink.token;
}

/** What a person answers who knows all but their second factor, and has all their mails. */
async function answerOf(person: PersonWithMail, { step }: Journey): Promise<object> {
  switch (step.__typename) {
    case 'IdentificationChallenge':
      return {
        identification: {
          identifier: person.username,
          ...(step.passwordRequired && { password: person.password }),
        },
      };
    case 'PasswordChallenge':
      return { password: { password: person.password } };
    case 'EmailChallenge':
      return { email: { code: codeIn(await house.mailTo(person.email)) } };
    case 'CaptchaChallenge':
      return { captcha: { token: await solved(step.puzzle) } };
    case 'UserLoginChallenge':
      return { userLogin: { rememberMe: false } };
    case 'PromptChallenge': {
      const asked: { key: string; type: string }[] = step.fields;
      const passwords = asked.flatMap(({ key, type }) => (type === 'PASSWORD' ? [[key, NEW_PASSWORD]] : []));
      return filledIn(Object.fromEntries(passwords));
    }
    default:
      throw new Error(`nobody knows what to answer to ${JSON.stringify(step)}`);
  }
}

/** Goes through a flow until it asks for a second factor or is at its end. */
async function upToSecondFactor(person: PersonWithMail, journey: Journey): Promise<Journey> {
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const { __typename } = journey.step;
    if (__typename === 'AuthenticatorValidateChallenge' || __typename.startsWith('Flow')) return journey;
    const before: string = journey.step.id;
    await journey.answer(await answerOf(person, journey));
    const { step } = journey;
    if (step.id === before || (step.errors ?? []).length > 0)
      throw new Error(`got stuck at ${JSON.stringify(step)}`);
  }
  throw new Error(`has no end: ${JSON.stringify(journey.step)}`);
}

/** How a person with an authenticator app can begin a flow. */
async function begun(way: Way, { person, client }: Owner): Promise<Journey> {
  const { slug, authentication } = way;
  switch (authentication) {
    case 'REQUIRE_AUTHENTICATED':
      return Journey.begin(client, { flow: { slug } });
    case 'REQUIRE_TOKEN':
      return house.begin(slug, {}, { flowToken: await linkFor(person, way) });
    default:
      return house.begin(slug);
  }
}

/** What becomes of a person who goes through a flow up to where they are asked, and then shows their app's code. */
async function found(someone: Owner, journey: Journey): Promise<object> {
  const sessionBefore = (await viewerOf(journey.client))?.session.id ?? null;
  await upToSecondFactor(someone.person, journey);
  const asked = journey.step.__typename;
  const sessionThen = (await viewerOf(journey.client))?.session.id ?? null;
  const offered: { kind: string }[] = journey.step.authenticators ?? [];
  const byApp = offered.some(({ kind }) => kind === 'TOTP');
  if (byApp) {
    await journey.answer(appCode(house, someone.key));
    house.app.clock.advance(30);
    while (!journey.step.__typename.startsWith('Flow'))
      await journey.answer(await answerOf(someone.person, journey));
  }
  const amr: string[] = journey.step.session?.session.amr ?? [];
  return { asked, isNew: sessionThen !== sessionBefore, byApp, shown: amr.includes('otp') };
}

const ASKED_FOR_APP = {
  asked: 'AuthenticatorValidateChallenge',
  isNew: false,
  byApp: true,
  shown: true,
};
/** It takes a passkey, whoever comes; whoever has none does not get in by it. */
const ASKED_FOR_PASSKEY = { ...ASKED_FOR_APP, byApp: false, shown: false };

describe('somebody with an authenticator app', () => {
  it('is asked for it in every shipped flow that signs people in, before there is a session', async () => {
    const outcomes: Record<string, object> = {};
    for (const way of ways.filter(({ makesPeople }) => !makesPeople)) {
      const someone = await owner();
      outcomes[way.slug] = await found(someone, await begun(way, someone));
    }
    expect(outcomes).toEqual({
      'default-authentication-flow': ASKED_FOR_APP,
      'default-reauthentication': ASKED_FOR_APP,
      'default-recovery-flow': ASKED_FOR_APP,
      'login-with-captcha': ASKED_FOR_APP,
      'login-with-second-factor': ASKED_FOR_APP,
      'magic-link': ASKED_FOR_APP,
      'passwordless-login': ASKED_FOR_PASSKEY,
      'recovery-by-email': ASKED_FOR_APP,
      'recovery-by-email-and-second-factor': ASKED_FOR_APP,
    });
  });

  it('is asked for it behind a link that an administrator has made, in every flow that such links open', async () => {
    const recoveries = ways.filter(({ designation }) => designation === 'RECOVERY');
    expect(recoveries.length).toBeGreaterThan(2);
    for (const way of recoveries) {
      const { slug } = way;
      const someone = await owner();
      const flowToken = await linkFor(someone.person, way);
      expect([slug, await found(someone, await house.begin(slug, {}, { flowToken }))]).toEqual([
        slug,
        ASKED_FOR_APP,
      ]);
    }
  });
});

describe('the shipped flows that sign people in without asking', () => {
  it('are those that make the account, which has nothing set up yet', () => {
    expect(ways.flatMap(({ slug, makesPeople }) => (makesPeople ? [slug] : []))).toEqual([
      'enrollment-by-invitation',
      'enrollment-by-invitation-engineering',
      'enrollment-by-invitation-internal',
      'enrollment-two-steps',
      'enrollment-with-email',
      'initial-setup',
      'passwordless-enrollment',
    ]);
  });
});

describe('what is said of the shipped flows', () => {
  it('is nothing: no second factor is waived, and no stage stands where it cannot work', async () => {
    const said: Record<string, unknown> = {};
    for (const slug of slugs) {
      const { lintFlow } = await house.admin.ok(LINT, { slug });
      if (lintFlow.length > 0) said[slug] = lintFlow;
    }
    expect(slugs.length).toBeGreaterThan(20);
    expect(said).toEqual({});
  });
});
