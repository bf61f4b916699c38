import { Secret } from '../../kernel/secret.js';
import type { ContextChange } from '../../flow/context.js';
import { promptDataKey } from '../../flow/context-keys.js';
import type { PromptValue } from '../../flow/context-keys.js';
import { responseError } from '../../flow/outcome.js';
import type { ResponseError } from '../../flow/outcome.js';
import { lengthProblem, wordsAbout } from '../../flow/password-rule.js';
import type { Judgement, StageRun } from '../../flow/stage-kind.js';
import type { Passwords } from '../../flow/services/passwords.js';

export const judgingErrors = {
  TOO_SHORT: 'A password has at least 15 characters.',
  TOO_GUESSABLE: 'This consists of words that anybody would try first.',
  TOO_COMMON: 'This is on the list of passwords that many people have used.',
  REJECTED: 'This is not accepted. The message says why.',
  NOT_CHECKED: 'This could not be checked. Try again later.',
};

const UNEXPLAINED = 'This is not accepted. Please choose something else.';

/** A form that is filled in as it should be. */
interface FilledForm {
  readonly policyIds: readonly string[];
  readonly keys: readonly string[];
  readonly open: Readonly<Record<string, PromptValue>>;
  /** By field key; all of them are the same one. */
  readonly passwords: Readonly<Record<string, string>>;
  /** What it would change. */
  readonly changes: readonly ContextChange[];
}

interface JudgedForm {
  /** Why it is not accepted; none where it is. */
  readonly errors: readonly ResponseError[];
  /** What there is to say to the person where it is. */
  readonly messages: readonly string[];
}

/** Has a form judged by policies, and a new password by the rule that is built in where none of them has judged it. */
export async function judgeForm(
  run: Pick<StageRun, 'judge' | 'context' | 'user'>,
  form: FilledForm,
  passwords: Passwords,
): Promise<JudgedForm> {
  const judgement = await run.judge(form.policyIds, form.changes);
  if (!judgement.passing) return { errors: objections(judgement, form), messages: [] };
  const [first] = Object.entries(form.passwords);
  const problem = first && (await problemOf(first[1], run, judgement, form, passwords));
  if (problem) {
    const [key] = first;
    return { errors: [responseError(`values.${key}`, problem.code, problem.message)], messages: [] };
  }
  return { errors: [], messages: judgement.messages.map(({ text }) => text) };
}

/** What a policy that has failed had to say is for administrators. */
function objections({ broken, messages }: Judgement, { keys }: FilledForm): ResponseError[] {
  if (broken) return [responseError(null, 'NOT_CHECKED', judgingErrors.NOT_CHECKED)];
  const unexplained = { text: UNEXPLAINED, field: null };
  return (messages.length > 0 ? messages : [unexplained]).map(({ text, field }) => {
    const inForm = field !== null && keys.includes(field);
    return responseError(inForm ? `values.${field}` : null, 'REJECTED', text || UNEXPLAINED);
  });
}

async function problemOf(
  text: string,
  { context, user }: Pick<StageRun, 'context' | 'user'>,
  { judgedPasswords }: Judgement,
  { open, passwords: entered }: FilledForm,
  passwords: Passwords,
): ReturnType<Passwords['problem']> {
  const password = new Secret(text);
  if (judgedPasswords.some((key) => Object.hasOwn(entered, key))) return lengthProblem(password);
  const known = { ...context.get(promptDataKey), ...open };
  return passwords.problem(password, wordsAbout((await user()) ?? null, known));
}
