import { Unreadable } from './python.js';
import type { Outcome } from './evaluation.js';
import type { Question } from './questions.js';

/** What an expression comes to, by what it asks. */
export type Decision = Outcome | Fork;

export interface Fork {
  readonly type: 'fork';
  readonly question: Question;
  /** One for each of the question's answers, in their order. */
  readonly branches: readonly Decision[];
}

export function isSame(one: Decision, other: Decision): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What is left of a decision where a question is answered. */
export function answered(decision: Decision, question: Question, answer: string): Decision {
  if (decision.type !== 'fork') return decision;
  if (decision.question.id === question.id) {
    const branch = decision.branches[question.answers.indexOf(answer)];
    if (!branch) throw new Unreadable();
    return answered(branch, question, answer);
  }
  return {
    ...decision,
    branches: decision.branches.map((branch) => answered(branch, question, answer)),
  };
}

/** Every question that is asked, in the order in which they are come upon. */
export function questionsIn(decision: Decision): readonly Question[] {
  const found = new Map<string, Question>();
  const look = (within: Decision): void => {
    if (within.type !== 'fork') return;
    found.set(within.question.id, within.question);
    within.branches.forEach(look);
  };
  look(decision);
  return [...found.values()];
}

export function isAsked(decision: Decision, question: Question): boolean {
  if (decision.type !== 'fork') return false;
  if (decision.question.id === question.id) return true;
  return decision.branches.some((branch) => isAsked(branch, question));
}

/** The same decision, asking in this order and nothing that makes no difference: what means the same looks the same. */
export function inOrder(decision: Decision, order: readonly Question[]): Decision {
  const [question, ...others] = order;
  if (!question || decision.type !== 'fork') return decision;
  if (!isAsked(decision, question)) return inOrder(decision, others);
  const branches = question.answers.map((answer) => inOrder(answered(decision, question, answer), others));
  const [first] = branches;
  if (first && branches.every((branch) => isSame(branch, first))) return first;
  return { type: 'fork', question, branches };
}

/** Whether it passes wherever another one does, whatever else is the case. */
export function passesWhere(other: Decision, decision: Decision): boolean {
  if (other.type !== 'fork' && !isPassing(other)) return true;
  const [question] = [...questionsIn(other), ...questionsIn(decision)];
  if (!question) return isPassing(decision);
  return question.answers.every((answer) =>
    passesWhere(answered(other, question, answer), answered(decision, question, answer)),
  );
}

function isPassing(decision: Decision): boolean {
  return decision.type === 'verdict' && decision.passing;
}
