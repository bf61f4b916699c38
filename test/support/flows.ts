import { ADMIN } from './administrator.js';
import type { TestApp } from './test-app.js';
import type { Answer, TestClient } from './test-client.js';

/** Everything that a test may want to know of an execution. */
export const EXECUTION = /* GraphQL */ `
  fragment Execution on FlowExecution {
    id
    token
    flow {
      slug
      title
      designation
    }
    expiresAt
    responsesUsed
    step {
      __typename
      ... on Challenge {
        id
        stageName
        errors {
          field
          code
          message
          retryAt
        }
        messages {
          level
          text
        }
        user {
          displayName
        }
      }
      ... on IdentificationChallenge {
        userFields
        loginHint
        passwordRequired
        captcha {
          ...Widget
        }
        passkeyOptions
      }
      ... on CaptchaChallenge {
        provider
        siteKey
        scriptUrl
        interactive
        action
        puzzle
        expiresAt
      }
      ... on PasswordChallenge {
        allowShowPassword
      }
      ... on PromptChallenge {
        fields {
          key
          label
          type
          required
          placeholder
          initialValue
          helpText
          choices {
            value
            label
          }
          order
        }
      }
      ... on ConsentChallenge {
        header
        permissions {
          id
          name
        }
        additionalPermissions {
          id
          name
        }
      }
      ... on AuthenticatorValidateChallenge {
        authenticators {
          id
          kind
          name
          hint
          lastUsedAt
        }
        selectedId
        codeResendAt: resendAt
        codeExpiresAt: expiresAt
        passkeyOptions
        setupStages {
          id
          name
          kind
        }
        mayRemember
      }
      ... on SmsSetupChallenge {
        numberRequired
        number
        codeResendAt: resendAt
        codeExpiresAt: expiresAt
      }
      ... on TotpSetupChallenge {
        key
        uri
        qrCode
        qrCodeSvg
        digits
      }
      ... on StaticSetupChallenge {
        codes
        printable
      }
      ... on EmailOtpSetupChallenge {
        email
        emailRequired
        codeResendAt: resendAt
        codeExpiresAt: expiresAt
      }
      ... on WebAuthnSetupChallenge {
        options
      }
      ... on EmailChallenge {
        purpose
        sentTo
        matchCode
        confirmed
        resendAt
        expiresAt
      }
      ... on FlowCompleted {
        redirectTo
        messages {
          level
          text
        }
        session {
          token
          session {
            id
            amr
            aal
            expiresAt
          }
        }
      }
      ... on FlowDenied {
        code
        message
        redirectTo
        supportId
      }
      ... on FlowCancelled {
        redirectTo
      }
    }
  }
  fragment Widget on CaptchaWidget {
    provider
    siteKey
    scriptUrl
    interactive
    action
    puzzle
    expiresAt
  }
`;

export const START = /* GraphQL */ `
  mutation Start($input: StartFlowInput!) {
    startFlow(input: $input) {
      ...Execution
    }
  }
  ${EXECUTION}
`;

export const SUBMIT = /* GraphQL */ `
  mutation Submit($input: SubmitStageInput!) {
    submitStage(input: $input) {
      ...Execution
    }
  }
  ${EXECUTION}
`;

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- What a test expects of an execution is what it asserts.
export type Execution = any;

export async function start(client: TestClient, input: object): Promise<Execution> {
  return (await client.ok(START, { input })).startFlow;
}

export function trySubmit(client: TestClient, input: object): Promise<Answer> {
  return client.send(SUBMIT, { input });
}

/** Answers the current challenge of an execution. */
export async function submit(client: TestClient, execution: Execution, response: object): Promise<Execution> {
  const { id: executionId, token, step } = execution;
  const input = { executionId, challengeId: step.id, response, ...(token && { token }) };
  const next = (await client.ok(SUBMIT, { input })).submitStage;
  return { ...next, token };
}

/** A browser in which somebody is signed in, by default the administrator. */
export async function signedIn(
  app: TestApp,
  { username, password }: { username: string; password: string } = ADMIN,
): Promise<TestClient> {
  const client = app.client();
  const execution = await start(client, {
    flow: { designation: 'AUTHENTICATION' },
    responses: [{ identification: { identifier: username } }, { password: { password } }],
  });
  if (execution.step.__typename !== 'FlowCompleted')
    throw new Error(`no login: ${JSON.stringify(execution.step)}`);
  return client;
}
