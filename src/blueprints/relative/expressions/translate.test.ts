import type { PolicyInput } from '../../../flow/policy-kind.js';
import { judgeStored, problemsOf } from '../../../../test/support/conditions.js';
import type { Given } from '../../../../test/support/conditions.js';
import { person } from '../../../../test/support/definitions.js';
import { translateExpression } from './translate.js';

// The meanings of spec/blueprints.md section 14, by its numbers, in several ways of saying each.

const ada = person('ada', { email: 'ada@example.org' });
const eve = person('eve');
const passkey: Partial<PolicyInput> = {
  user: ada,
  proofs: ['hwk', 'user'],
  context: { namedByPasskey: ada.id },
};
const afterwards: Partial<PolicyInput> = { mayWrite: false };

/** Whether it passes there; an error where it comes to no verdict. */
async function verdictOf(
  source: string,
  input: Partial<PolicyInput> = {},
  also: Given = {},
): Promise<boolean> {
  const translated = translateExpression(source);
  if (translated === undefined) throw new Error(`not recognised: ${source}`);
  expect(translated.kind).toBe('condition');
  expect(problemsOf(translated.config)).toEqual([]);
  return (await judgeStored(translated.config, { ...also, input })).passing;
}

describe.each([
  [
    'as a step after the other',
    `plan = context.get('flow_plan')   # what is going on
if not plan:
  return True
who = plan.context.get("pending_user")
return not hasattr(who, 'backend')`,
  ],
  [
    'in one line',
    `return not context.get("flow_plan") or not hasattr(context["flow_plan"].context.get("pending_user"), "backend")`,
  ],
  [
    'the other way round',
    `p = request.context.get("flow_plan", None)
if p is not None:
    if hasattr(request.context.get('pending_user'), "backend"):
        return False
    else:
        pass
return True`,
  ],
  [
    'as a choice',
    `x = request.context.get("flow_plan")
return (False if getattr(x.context.get('pending_user'), "backend", None) else True) if x else True`,
  ],
])('P1, %s', (_, source) => {
  it.each([
    ['nobody is known yet', {}, true],
    ['the password was right', { proofs: ['pwd'] }, false],
    ['a passkey has named the person', passkey, false],
    ['the account was made in this flow', { proofs: ['enrollment'] }, false],
    ['mail has reached them', { proofs: ['email'] }, true],
    ['a second factor was right', { proofs: ['otp'] }, true],
    ['a passkey was right as a second factor', { user: ada, proofs: ['hwk', 'user'] }, true],
    ['a passkey has named somebody else', { ...passkey, user: eve }, true],
    ['who may use the flow is asked', { ...afterwards, proofs: ['pwd'] }, true],
  ] as const)('asks for the password as it does there where %s', async (_where, input, passing) => {
    expect(await verdictOf(source, input)).toBe(passing);
  });
});

it.each([
  `f = request.context.get("flow_plan")
if not f:
    return True
return not (f.context.get('auth_method') == 'auth_webauthn_pwl')`,
  `return context.get("auth_method", "") != "auth_webauthn_pwl"`,
])(
  'P2: a second factor is asked for unless a passkey that named its person is all there was',
  async (source) => {
    expect(await verdictOf(source)).toBe(true);
    expect(await verdictOf(source, passkey)).toBe(false);
    expect(await verdictOf(source, { ...passkey, proofs: ['hwk', 'user', 'pwd'] })).toBe(true);
    expect(await verdictOf(source, { user: ada, proofs: ['pwd', 'hwk', 'user'] })).toBe(true);
    expect(await verdictOf(source, { ...passkey, ...afterwards })).toBe(true);
  },
);

it.each([
  'return ak_is_sso_flow',
  `return bool(request.context.get("is_sso", False))`,
  'if not ak_is_sso_flow:\n  return False\nreturn True',
])(
  'P3: nobody comes from another identity provider, and it is said that there are none: %s',
  async (source) => {
    expect(await verdictOf(source)).toBe(false);
    expect(translateExpression(source)?.note).toMatch(/identity provider/);
  },
);

it.each([
  `return "username" not in (context.get("prompt_data") or {})`,
  `return not ('username' in request.context.get('prompt_data', {}))`,
])('P4: a username is asked for where none has been filled in: %s', async (source) => {
  expect(await verdictOf(source)).toBe(true);
  expect(await verdictOf(source, { context: { promptData: { email: 'a@example.org' } } })).toBe(true);
  expect(await verdictOf(source, { context: { promptData: { username: '' } } })).toBe(false);
});

const SETTINGS = `
from authentik.admin.utils import get_system_settings as known
from authentik.core.models import USER_ATTRIBUTE_CHANGE_EMAIL as mail, USER_ATTRIBUTE_CHANGE_NAME
s = known()
typed = context.get('prompt_data')
may = request.user.group_attributes(request.http_request)
if not may.get(mail, s.default_user_change_email) and typed.get("email") != request.user.email:
    ak_message("The address stays.")
    return False
if not may.get(USER_ATTRIBUTE_CHANGE_NAME, s.default_user_change_name):
    if request.user.name != typed.get("name"):
        ak_message('The name ' 'stays.')
        return False
return True`;

it('P5: what somebody may not change stays as it is, and who may is said by their attributes alone', async () => {
  const submitted = (promptData: object, user = ada): Promise<boolean> =>
    verdictOf(SETTINGS, { user, context: { promptData: { ...promptData } } });
  const { email, name } = ada;
  const allowed = (attributes: object): typeof ada => ({ ...ada, attributes: { ...attributes } });
  expect(await submitted({ email, name })).toBe(true);
  expect(await submitted({ email: 'other@example.org', name })).toBe(false);
  expect(await submitted({ email })).toBe(false);
  const mayChange = allowed({ mayChange: { email: true } });
  expect(await submitted({ email: 'other@example.org', name }, mayChange)).toBe(true);
  expect(await submitted({ email: 'other@example.org', name: 'Other' }, mayChange)).toBe(false);
  const asThere = allowed({ 'goauthentik.io/user/can-change-email': true });
  expect(await submitted({ email: 'other@example.org', name }, asThere)).toBe(true);
  const forbidden = allowed({ 'goauthentik.io/user/can-change-email': true, mayChange: { email: false } });
  expect(await submitted({ email: 'other@example.org', name }, forbidden)).toBe(false);
  const nothing = { ...ada, email: null };
  expect(await submitted({ email: '', name }, nothing)).toBe(true);
  await expect(verdictOf(SETTINGS, { user: ada })).rejects.toThrow('not there');
  await expect(verdictOf(SETTINGS, { user: null })).rejects.toThrow('not there');
  expect(translateExpression(SETTINGS)?.note).toMatch(/mayChange\.email/);
});

it('P6: setting up is for who comes with its link, and is over when the person has a password', async () => {
  const source = `
first = ak_user_by(username="root")
if context.get("goauthentik.io/core/setup/started-by") != "setup":
    where = request.http_request.build_absolute_uri("/")
    ak_message(f"Begin at {where} please")
    return False
return first is None or not first.has_usable_password()`;
  const root = person('root', { username: 'root' });
  const passwordHistory = { changedAt: async () => new Date(0), isOneOfLast: async () => false };
  expect(await verdictOf(source, { user: root })).toBe(false);
  expect(await verdictOf(source, { user: root, restored: true })).toBe(true);
  expect(await verdictOf(source, { user: root, restored: true }, { services: { passwordHistory } })).toBe(
    false,
  );
  await expect(verdictOf(source, { user: ada, restored: true })).rejects.toThrow('about root');
  await expect(verdictOf(source, { restored: true })).rejects.toThrow('about root');
});

it('P7: whom a flow is about is not for policies to say: it passes where that is so already, and errs elsewhere', async () => {
  const source = `context["flow_plan"].context["pending_user"] = ak_user_by(username='root')\nreturn True`;
  expect(await verdictOf(source, { user: person('root', { username: 'root' }) })).toBe(true);
  await expect(verdictOf(source, { user: ada })).rejects.toThrow('about root');
  await expect(
    verdictOf(source, { user: person('root', { username: 'root' }), ...afterwards }),
  ).rejects.toThrow('not there');
});

it('P8: nobody signs in by what is called an app password, there as here', async () => {
  const source = `return not context.get('auth_method') == "app_password"`;
  for (const proof of ['pwd', 'token'] as const) {
    expect(await verdictOf(source, { proofs: [proof] })).toBe(true);
  }
});

it('P10: it passes for everybody as it does there, and what was probably meant is said', async () => {
  const source = `return bool(context.get("is_restored", True))`;
  expect(await verdictOf(source)).toBe(true);
  expect(await verdictOf(source, { restored: true })).toBe(true);
  expect(translateExpression(source)?.note).toMatch(/execution\.restored/);
});

it('P10, as it was once: it passes for those who have come with a link or been sent a mail', async () => {
  const source = `return context.get("is_restored", False)`;
  expect(await verdictOf(source)).toBe(false);
  expect(await verdictOf(source, { restored: true })).toBe(true);
  expect(await verdictOf(source, { proofs: ['email'] })).toBe(true);
  expect(await verdictOf(`return not ("is_restored" in context)`, { proofs: ['email'] })).toBe(false);
});

it('P11: an account is locked by somebody else than its owner', async () => {
  const source = `
wanted = (http_request.session.get('authentik/flows/get') or {}).get("user_uuid")
own = str(getattr(request.user, "pk", None) or getattr(http_request.user, 'pk', ""))
return bool(wanted and wanted != own)`;
  expect(await verdictOf(source, { user: ada, viewer: eve })).toBe(true);
  expect(await verdictOf(source, { user: ada, viewer: ada })).toBe(false);
  expect(await verdictOf(source, { user: null, viewer: ada })).toBe(false);
});
