import type { InvalidResponseAction } from '../../../src/flow/definition.js';
import { decide } from '../flow-model.js';
import { placeOf } from './installation.js';
import type { Account, Guard, Installation, Place } from './installation.js';

/** An answer, by the kind of challenge that it is for. Names are those of the game, without the game's prefix. */
export type Answer =
  | { readonly kind: 'identification' | 'prompt'; readonly name: string }
  | { readonly kind: 'dummy'; readonly acknowledge: boolean }
  | { readonly kind: 'user-login'; readonly rememberMe: boolean };

export type Step =
  | { readonly type: 'challenge'; readonly place: number; readonly errors: readonly string[] }
  | { readonly type: 'completed' }
  | { readonly type: 'denied'; readonly code: string }
  | { readonly type: 'cancelled' };

/** A place of the plan, with what was true of it when the plan was made. */
interface Planned {
  readonly place: number;
  readonly reEvaluatePolicies: boolean;
  readonly invalidResponseAction: InvalidResponseAction;
}

interface Settled {
  readonly place: number;
  readonly outcome: 'passed' | 'skipped';
  /** The account that the flow was about afterwards. */
  readonly about: number | null;
  readonly proves: boolean;
}

/** One execution. */
export interface Run {
  readonly step: Step;
  readonly planned: readonly Planned[];
  readonly trail: readonly Settled[];
  readonly about: number | null;
  /** The name that a prompt has collected. */
  readonly entered: string | null;
  /** Whether a policy has taken a login out. */
  readonly blocked: boolean;
  /** The account that it has opened a session for, and whether the client has that session's secret yet. */
  readonly session: { readonly account: number; readonly delivered: boolean } | null;
  /** How many challenges there have been. */
  readonly asked: number;
  /** What was done, whatever has become of it. */
  readonly done: { readonly restarts: number; readonly writes: number; readonly logins: number };
}

export const newRun: Run = {
  step: { type: 'cancelled' },
  planned: [],
  trail: [],
  about: null,
  entered: null,
  blocked: false,
  session: null,
  asked: 0,
  done: { restarts: 0, writes: 0, logins: 0 },
};

/** What has become of an answer: nobody looks at it where a policy has taken its stage out. */
export type Fate = 'passed' | 'refused' | 'unused';

/** Whether a stage opens sessions: where a policy takes it out, nobody comes to a good end without one. */
export function signsIn({ sort }: Place): boolean {
  return sort === 'login' || sort === 'remember';
}

/** The kind of challenge by which a stage asks; null for stages that never do. */
export function asksBy({ sort }: Place): Answer['kind'] | null {
  switch (sort) {
    case 'identification':
    case 'prompt':
    case 'dummy':
      return sort;
    case 'remember':
      return 'user-login';
    case 'deny':
    case 'enroll':
    case 'save':
    case 'login':
      return null;
  }
}

/** One request to an execution: the rules of running a flow, told a second time, and as plainly as can be. */
export class ModelRequest {
  #run: Run;
  #accounts: readonly Account[];
  #restarted = false;
  #collided = false;

  constructor(
    private readonly installation: Installation,
    run: Run,
  ) {
    this.#run = run;
    this.#accounts = installation.accounts;
  }

  get run(): Run {
    return this.#run;
  }

  /** What the request comes to; undefined where two accounts would have got one name, so that nothing happens. */
  result(): { readonly run: Run; readonly accounts: readonly Account[] } | undefined {
    if (this.#collided) return undefined;
    const { step, session } = this.#run;
    if (session?.delivered === false) {
      // A session that is never given to anybody is none.
      if (step.type === 'completed') this.#set({ session: { ...session, delivered: true } });
      if (step.type === 'denied') this.#set({ session: null });
    }
    return { run: this.#run, accounts: this.#accounts };
  }

  begin(): void {
    const { places, flowGuards } = this.installation;
    if (this.#decide(flowGuards, 'ANY') !== 'pass') return this.#deny('POLICY_DENIED');
    const planned: Planned[] = [];
    let blocked = false;
    const bound = [...places.entries()].filter(([, { fate }]) => fate === 'bound');
    for (const [number, place] of bound.toSorted(byOrder)) {
      const verdict = place.evaluateOnPlan ? this.#decide(place.guards, place.mode) : 'pass';
      if (verdict === 'broken') return this.#deny('POLICY_DENIED');
      if (verdict === 'fail') blocked ||= signsIn(place);
      else planned.push({ ...place, place: number });
    }
    this.#set({ planned, blocked, trail: [] });
    if (planned.length === 0 && !blocked) this.#deny('EMPTY_FLOW');
    else this.#goOn();
  }

  answer(answer: Answer): Fate {
    const turn = this.#turn();
    if (turn === 'over') return 'unused';
    if (turn === 'skipped') {
      this.#goOn();
      return 'unused';
    }
    const verdict = this.#judge(answer);
    if (verdict === 'passed') {
      this.#goOn();
      return 'passed';
    }
    const { planned } = turn;
    if (verdict === 'denied' || planned.invalidResponseAction !== 'RETRY') this.#refuse(planned);
    else this.#ask(planned.place, [verdict.error]);
    return 'refused';
  }

  /** From stage to stage, to the first that asks. */
  #goOn(): void {
    while (this.#run.trail.length < this.#run.planned.length) {
      const turn = this.#turn();
      if (turn === 'over') return;
      if (turn === 'skipped') continue;
      switch (this.#present(turn.place)) {
        case 'asks':
          return this.#ask(turn.planned.place, []);
        case 'denied':
          return this.#refuse(turn.planned);
        case 'passed':
      }
    }
    if (this.#run.blocked && this.#run.session === null) this.#deny('LOGIN_BLOCKED');
    else this.#set({ step: { type: 'completed' } });
  }

  /** The place whose turn it is, unless its policies take it out. */
  #turn(): { readonly planned: Planned; readonly place: Place } | 'skipped' | 'over' {
    const planned = this.#run.planned[this.#run.trail.length];
    if (!planned) throw new Error('it is nobody’s turn');
    const place = placeOf(this.installation, planned.place);
    if (place.fate === 'deleted') {
      this.#deny('CONFIGURATION_ERROR');
      return 'over';
    }
    const guarded = planned.reEvaluatePolicies && place.fate === 'bound';
    switch (guarded ? this.#decide(place.guards, place.mode) : 'pass') {
      case 'pass':
        return { planned, place };
      case 'broken':
        this.#deny('POLICY_DENIED');
        return 'over';
      case 'fail':
        if (signsIn(place)) this.#set({ blocked: true });
        return this.#settle('skipped');
    }
  }

  #present(place: Place): 'asks' | 'passed' | 'denied' {
    switch (place.sort) {
      case 'identification':
      case 'prompt':
      case 'dummy':
        return 'asks';
      case 'deny':
        return 'denied';
      case 'enroll':
        return this.#create();
      case 'save':
        return this.#person() ? this.#rename() : this.#create();
      case 'login':
        return this.#signIn();
      case 'remember':
        return this.#isProven() ? 'asks' : 'denied';
    }
  }

  #judge(answer: Answer): 'passed' | 'denied' | { readonly error: string } {
    switch (answer.kind) {
      case 'identification': {
        const account = this.installation.accounts.find(({ name }) => name === answer.name);
        this.#set({ about: account?.id ?? null });
        return account ? this.#settle('passed') : { error: 'INVALID_CREDENTIALS' };
      }
      case 'prompt':
        if (answer.name === '') return { error: 'REQUIRED' };
        if (this.#isTaken(answer.name, this.#run.about)) return { error: 'TAKEN' };
        this.#set({ entered: answer.name });
        return this.#settle('passed');
      case 'dummy':
        return answer.acknowledge ? this.#settle('passed') : { error: 'INVALID' };
      case 'user-login':
        return this.#signIn();
    }
  }

  #create(): 'passed' | 'denied' {
    const { entered } = this.#run;
    if (entered === null || this.#isTaken(entered, null)) return 'denied';
    const account = { id: this.#accounts.length, name: entered, active: true };
    this.#collided ||= this.#accounts.some(({ name }) => name === entered);
    this.#accounts = [...this.#accounts, account];
    this.#set({ about: account.id });
    this.#count('writes');
    return this.#settle('passed', true);
  }

  #rename(): 'passed' | 'denied' {
    const { entered, about } = this.#run;
    if (entered === null || about === null || !this.#isProven() || this.#isTaken(entered, about))
      return 'denied';
    this.#collided ||= this.#accounts.some(({ id, name }) => name === entered && id !== about);
    // What is there already is not written again.
    if (this.#person()?.name !== entered) this.#count('writes');
    this.#accounts = this.#accounts.map((account) =>
      account.id === about ? { ...account, name: entered } : account,
    );
    return this.#settle('passed');
  }

  #signIn(): 'passed' | 'denied' {
    const { about } = this.#run;
    if (about === null || !this.#isProven()) return 'denied';
    this.#set({ session: { account: about, delivered: false } });
    this.#count('logins');
    return this.#settle('passed');
  }

  #person(): Account | undefined {
    return this.#accounts.find(({ id }) => id === this.#run.about);
  }

  /** Somebody who is not disabled, and about whom this run has verified something since it was last planned. */
  #isProven(): boolean {
    const { trail, about } = this.#run;
    return this.#person()?.active === true && trail.some((entry) => entry.proves && entry.about === about);
  }

  /** As the database knows it before this request. */
  #isTaken(wanted: string, except: number | null): boolean {
    return this.installation.accounts.some(({ id, name }) => name === wanted && id !== except);
  }

  #decide(guards: readonly Guard[], mode: Place['mode']): ReturnType<typeof decide> {
    return decide({ bindings: guards, mode }, this.installation.moods);
  }

  #settle<Outcome extends Settled['outcome']>(outcome: Outcome, proves = false): Outcome {
    const { trail, planned, about } = this.#run;
    const place = planned[trail.length]?.place ?? -1;
    this.#set({ trail: [...trail, { place, outcome, about, proves }] });
    return outcome;
  }

  #ask(place: number, errors: readonly string[]): void {
    this.#set({ step: { type: 'challenge', place, errors }, asked: this.#run.asked + 1 });
  }

  /** Ends the run or, where the place says so, plans it anew: once in a request. */
  #refuse({ invalidResponseAction }: Planned): void {
    if (invalidResponseAction === 'RETRY' || this.#restarted) return this.#deny('STAGE_DENIED');
    this.#restarted = true;
    this.#count('restarts');
    if (invalidResponseAction === 'RESTART') this.#set({ about: null, entered: null });
    this.#set({ planned: [], trail: [], blocked: false });
    this.begin();
  }

  #deny(code: string): void {
    this.#set({ step: { type: 'denied', code } });
  }

  #count(what: keyof Run['done']): void {
    const { done } = this.#run;
    this.#set({ done: { ...done, [what]: done[what] + 1 } });
  }

  #set(change: Partial<Run>): void {
    this.#run = { ...this.#run, ...change };
  }
}

/** Equal orders go by the names of the stages, which end with the numbers of their places. */
function byOrder([one, a]: readonly [number, Place], [other, b]: readonly [number, Place]): number {
  return a.order - b.order || (String(one) < String(other) ? -1 : 1);
}
