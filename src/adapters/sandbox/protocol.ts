/** What the worker is started with. */
export interface WorkerSetup {
  /** The script that readies a fresh context, see `prelude.ts`. */
  readonly prelude: string;
  /** Whether the thread runs only where nobody else wants to. */
  readonly isLowPriority: boolean;
}

/** One evaluation, as it is sent to a worker. */
export interface Task {
  /** A script whose value is a function of `callPolicy`, made by `readSource`. */
  readonly script: string;
  /** The text of a JSON object: its properties become the variables of the script. */
  readonly input: string;
  /** The text of a JSON object: what is known of the policies that the script may call, by their names, each as JSON. */
  readonly calls: string;
  readonly deadlineMilliseconds: number;
}

/** How an evaluation ended, before anything was decided about what may be told of it. */
export type Answer =
  /** The text of an `ExpressionResult`. */
  | { readonly kind: 'VALUE'; readonly json: string }
  /** It cannot go on without knowing what this policy says. */
  | { readonly kind: 'NEEDS'; readonly name: string; readonly milliseconds: number }
  | { readonly kind: 'TIMEOUT' }
  | { readonly kind: 'MEMORY' }
  | { readonly kind: 'ERROR' | 'UNUSABLE_RESULT'; readonly problem: Problem }
  | { readonly kind: 'BROKEN' };

/** An error's own words and stack, as the sandbox gives them. They may hold parts of the input. */
export interface Problem {
  readonly description: string;
  readonly stack: string;
}

export type FromWorker =
  | { readonly type: 'READY' }
  | {
      readonly type: 'ANSWER';
      readonly answer: Answer;
      /** Whether the worker must not be used again. */
      readonly isSpent: boolean;
    };
