import type { Client } from './client.ts';
import { StartFlowDocument, SubmitStageDocument } from './gql/graphql.ts';
import type { StageResponse, StepFragment } from './gql/graphql.ts';

export interface Credentials {
  readonly identifier: string;
  readonly password: string;
}

type Challenge = Extract<StepFragment, { readonly id: string }>;

/** Signs in, whatever steps the installation's login has, and gives the client its session. */
export async function logIn(client: Client, credentials: Credentials): Promise<void> {
  const { startFlow: execution } = await client.run(StartFlowDocument, {
    input: { flow: { designation: 'AUTHENTICATION' }, client: 'NATIVE' },
  });
  let step: StepFragment = execution.step;
  while ('id' in step) {
    const { submitStage } = await client.run(SubmitStageDocument, {
      input: {
        executionId: execution.id,
        token: execution.token,
        challengeId: step.id,
        response: answerTo(step, credentials),
      },
    });
    step = submitStage.step;
  }
  client.token = sessionOf(step);
}

/** An application would show the challenge to a person; this one knows the answers already. */
function answerTo(challenge: Challenge, { identifier, password }: Credentials): StageResponse {
  if (challenge.errors.length > 0) throw new Error(challenge.errors.map(({ message }) => message).join(' '));
  if (challenge.__typename === 'IdentificationChallenge') {
    return { identification: { identifier, ...(challenge.passwordRequired && { password }) } };
  }
  if (challenge.__typename === 'PasswordChallenge') return { password: { password } };
  throw new Error(`This client cannot answer a ${challenge.__typename} (${challenge.stageName}).`);
}

function sessionOf(end: Exclude<StepFragment, Challenge>): string {
  if (end.__typename === 'FlowDenied') throw new Error(`${end.code}: ${end.message} (${end.supportId})`);
  const token = end.__typename === 'FlowCompleted' ? end.session?.token : undefined;
  if (token == null) throw new Error('The flow has ended without a session.');
  return token;
}
