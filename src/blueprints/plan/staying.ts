import type { StageBindingDefinition } from '../../flow/definition.js';
import type { Path } from '../problem.js';
import type { Draft } from './draft.js';

/** Where a stage stands in its flow; where two have the same number, their names decide. */
export interface Standing {
  readonly stage: string;
  readonly kind: string | undefined;
  readonly order: number;
}

/** What comes of these is there, whatever a later stage says. */
const ACTING = ['user-write', 'user-delete', 'user-login'];

/** What can keep somebody out, or has to be done before they are let in. */
const KEEPING_OUT = [
  ...[
    'identification',
    'password',
    'authenticator-validate',
    'captcha',
    'consent',
    'deny',
    'email',
    'invitation',
  ],
  ...['totp-setup', 'static-setup', 'email-otp-setup', 'web-authn-setup', 'sms-setup'],
];

const WAY_OUT =
  'Take out what does not belong, or import it with the parameter `stagedoor/replace: true`: then nothing stays that it does not list.';

/** A flow as it is, and as a document puts it. */
interface Meeting {
  readonly present: readonly StageBindingDefinition[];
  /** Of those, what the document says nothing of. */
  readonly staying: readonly StageBindingDefinition[];
  readonly placed: readonly Standing[];
}

/**
 * Of the stages that a flow holds beside those that a document puts there, what has to give way to it: whoever wrote it for
 * elsewhere may not know of them. That is where our way to the flow's end would be gone before the document has had
 * everything asked, and the document has a way of its own. Where it has none, that is an error, and so it is where the
 * document would go its way before something that stays has kept anybody out. Whatever else stays is told.
 */
export function givingWay(draft: Draft, meeting: Meeting, path: Path): readonly StageBindingDefinition[] {
  const { staying, placed } = meeting;
  if (!draft.scene.tellsWhatStays || staying.length === 0) return [];
  const kinds = new Set(placed.map(({ kind }) => kind));
  const isRival = ({ stage: { kind } }: StageBindingDefinition): boolean =>
    (kind === 'prompt' || isActing(kind)) && kinds.has(kind);
  const early = staying.flatMap((one) => {
    const later = placed.find((other) => comesTooEarly(standingOf(one), other));
    return later ? [{ one, later }] : [];
  });
  const stubborn = early.find(({ one }) => isActing(one.stage.kind) && !isRival(one));
  const passing = stubborn ? { first: standingOf(stubborn.one), second: stubborn.later } : passingBy(meeting);
  if (passing) {
    const [first, second] = [placeText(passing.first), placeText(passing.second)];
    const message = `${first} would act before ${second} has had its turn: one of them is what stands in the flow already. ${WAY_OUT}`;
    draft.refuse(path, 'CONFLICTING', message);
    return [];
  }
  const rivals = staying.filter(isRival);
  const hasOwnWay = rivals.some(({ stage }) => isActing(stage.kind)) && early.some(({ one }) => isRival(one));
  const leaving = hasOwnWay ? rivals : [];
  const rest = staying.filter((one) => !leaving.includes(one));
  if (leaving.length > 0) {
    const message = `These stages stand in the flow, and are taken out of it, because the document has its own for the same: ${placesText(leaving)}. \`rollBackFlow\` brings them back.`;
    draft.warn(path, 'CONFLICTING', message);
  }
  if (rest.length > 0) {
    const message = `These stages stand in the flow as well, and stay there: ${placesText(rest)}. ${WAY_OUT}`;
    draft.warn(path, 'CONFLICTING', message);
  }
  return leaving;
}

/** Where the document would act before something that stays, which that very stage has not done so far. */
function passingBy({ present, staying, placed }: Meeting): { first: Standing; second: Standing } | undefined {
  for (const one of staying) {
    const second = standingOf(one);
    if (!KEEPING_OUT.includes(one.stage.kind)) continue;
    const before = present.filter((other) => isBefore(standingOf(other), second));
    const first = placed.find(
      (acting) =>
        isActing(acting.kind) &&
        isBefore(acting, second) &&
        !before.some(({ stage }) => stage.name === acting.stage),
    );
    if (first) return { first, second };
  }
  return undefined;
}

function isActing(kind: string | undefined): boolean {
  return kind !== undefined && ACTING.includes(kind);
}

/**
 * Whether a stage of a flow may be moved to where a document for elsewhere has it, rather than stand there a second time.
 * What can keep somebody out is not moved behind what it has kept them from.
 */
export function mayMove({ stage: { kind }, order }: StageBindingDefinition, to: number): boolean {
  return !KEEPING_OUT.includes(kind) || to <= order;
}

/** Forms come before a login; what is saved may as well be what an earlier one has collected. */
function comesTooEarly(one: Standing, other: Standing): boolean {
  const { kind = '' } = other;
  const isKept = KEEPING_OUT.includes(kind) || (kind === 'prompt' && one.kind === 'user-login');
  return isKept && (one.kind === 'prompt' || isActing(one.kind)) && isBefore(one, other);
}

function isBefore(one: Standing, other: Standing): boolean {
  return one.order < other.order || (one.order === other.order && one.stage < other.stage);
}

function standingOf({ stage, order }: StageBindingDefinition): Standing {
  return { stage: stage.name, kind: stage.kind, order };
}

function placesText(places: readonly StageBindingDefinition[]): string {
  return places.map((one) => placeText(standingOf(one))).join(', ');
}

function placeText({ stage, order }: Standing): string {
  return `${stage} @ ${order}`;
}
