/** What the worker is started with. */
export interface WorkerSetup {
  /** The script that readies a fresh context, see `prelude.ts`. */
  readonly prelude: string;
}

/** One evaluation, as it is sent to a worker. */
export interface Task {
  /** A script whose value is a function without parameters, made by `readSource`. */
  readonly script: string;
  /** The text of a JSON object: its properties become the variables of the script. */
  readonly input: string;
  readonly deadlineMilliseconds: number;
}

/** How an evaluation ended, before anything was decided about what may be told of it. */
export type Answer =
  | { readonly kind: 'VALUE'; readonly json: string }
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
