import type { Decision } from './decision.js';
import { outcomeOf } from './evaluation.js';
import { Unreadable } from './python.js';
import type { Statement } from './python.js';
import { Unanswered } from './raised.js';

/** More ways through an expression than this are not followed. */
const MOST_WAYS = 300;

/** What an expression comes to whatever the answers are to what it asks. Throws `Unreadable`. */
export function decisionOf(steps: readonly Statement[]): Decision {
  let ways = 0;
  const explore = (answers: ReadonlyMap<string, string>): Decision => {
    ways += 1;
    if (ways > MOST_WAYS) throw new Unreadable();
    try {
      return outcomeOf(steps, answers);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      const { question } = error;
      const branches = question.answers.map((answer) =>
        explore(new Map([...answers, [question.id, answer]])),
      );
      return { type: 'fork', question, branches };
    }
  };
  return explore(new Map());
}
