import type { Execution } from './flows.js';
import type { TestClient } from './test-client.js';

export const SIMULATE = /* GraphQL */ `
  query Simulate($input: SimulateFlowInput!) {
    simulateFlow(input: $input) {
      responsesUsed
      steps {
        fate
        step {
          __typename
          ... on Challenge {
            stageName
            errors {
              code
            }
            messages {
              level
              text
            }
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
                amr
              }
            }
          }
          ... on FlowDenied {
            code
            message
          }
        }
        entries {
          __typename
          ... on PolicyEvaluation {
            moment
            policy
            passing
            messages
            input
          }
          ... on StageEvent {
            event: stageEvent
            stageName
          }
          ... on RecordedEffect {
            effect
            details
          }
        }
      }
    }
  }
`;

/** What a flow would come to. */
export async function simulate(admin: TestClient, input: object): Promise<Execution> {
  return (await admin.ok(SIMULATE, { input })).simulateFlow;
}
