/** Something that an expression asks about the flow, and all that can be answered. */
export interface Question {
  readonly id: string;
  readonly answers: readonly string[];
}

const answers = ['yes', 'no'] as const;
const yesOrNo = (id: string): Question => ({ id, answers });

/** What people can be asked to fill in about themselves, and can be forbidden to. */
export const personFields = ['username', 'name', 'email'] as const;
export type PersonField = (typeof personFields)[number];

/** Everything that can be asked. What stands for it here is in facts.ts. */
export const questions = {
  /** Whether there is a plan: not where it is asked who may use the flow, or whether an answer is good enough. */
  plan: yesOrNo('plan'),
  /** Whether the person has been verified by a password, a passkey that named them, or by being made in this flow. */
  verified: yesOrNo('verified'),
  /** Whether a passkey that named the person was what verified them last. */
  passwordless: yesOrNo('passwordless'),
  /** Whether a link or a mail has led here. */
  restored: yesOrNo('restored'),
  /** Whether the first start has led here. */
  setUp: yesOrNo('setUp'),
  /** Whether another identity provider has led here. */
  external: yesOrNo('external'),
  /** Whom the flow was asked for: for nobody in particular, for whoever asked, or for somebody else. */
  target: { id: 'target', answers: ['nobody', 'self', 'other'] },
  /** Whether there is somebody whom it is about. */
  person: yesOrNo('person'),
  /** Whether anything at all has been filled in. */
  filledIn: yesOrNo('filledIn'),
  /** Whether something has been filled in there, if only nothing. */
  has: (field: PersonField) => yesOrNo(`has ${field}`),
  /** Whether something has been filled in there that is not empty. */
  holds: (field: PersonField) => yesOrNo(`holds ${field}`),
  /** Whether what has been filled in is what is known of the person. */
  same: (field: PersonField) => yesOrNo(`same ${field}`),
  mayChange: (field: PersonField) => yesOrNo(`mayChange ${field}`),
  /** Whether it is about the person of this name. */
  named: (username: string) => yesOrNo(`named ${username}`),
  /** Whether the person whom it is about has a password. */
  password: yesOrNo('password'),
} as const;
