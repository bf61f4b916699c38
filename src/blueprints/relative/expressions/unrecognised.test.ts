import { translateExpression } from './translate.js';
import { translatePromptExpression } from './prompt.js';

const P4 = `return 'username' not in context.get('prompt_data', {})`;

it.each([
  ['it does something besides', `delete_everything()\n${P4}`],
  ['it does something besides on one way', `if ak_is_sso_flow:\n    open("x")\n${P4}`],
  ['it writes what is the plan', `context["flow_plan"].context["is_restored"] = True\nreturn True`],
  [
    'it writes who the flow is about into the request only',
    `context["pending_user"] = ak_user_by(username="a")\nreturn True`,
  ],
  [
    'it sets somebody and then asks about them',
    `p = context["flow_plan"]\np.context["pending_user"] = ak_user_by(username="a")\nreturn hasattr(p.context.get("pending_user"), "backend")`,
  ],
  [
    'it asks whether somebody has another mark',
    `return not hasattr(context.get("pending_user"), "backends")`,
  ],
  ['it asks for the mark of somebody else', `return not hasattr(request.user, "backend")`],
  ['it asks for another way of signing in', `return context.get("auth_method") != "password"`],
  ['it asks whether there is a way of signing in', `return not context.get("auth_method")`],
  ['it asks for a key that is called alike', `return not context.get("isRestored", False)`],
  ['it asks for what may be a password', `return 'password' in context.get('prompt_data', {})`],
  [
    'it passes for those from elsewhere besides others',
    `return ak_is_sso_flow or context.get("is_restored", False)`,
  ],
  ['it passes for all but those from elsewhere', `return not ak_is_sso_flow`],
  [
    'it takes being allowed for a reason to refuse',
    `from authentik.core.models import USER_ATTRIBUTE_CHANGE_NAME as n\nreturn not request.user.group_attributes().get(n)`,
  ],
  [
    'everybody of whom nothing is said may',
    `return request.user.group_attributes().get("goauthentik.io/user/can-change-name", True)`,
  ],
  [
    'it compares with what is known of another field',
    `return context.get("prompt_data", {}).get("name") == request.user.username`,
  ],
  [
    'it goes by whether it was asked for oneself',
    `return bool((http_request.session.get("authentik/flows/get", {}) or {}).get("user_uuid"))`,
  ],
  ['it gives what is given another meaning', `context = {}\n${P4}`],
  [
    'it gives a function another meaning',
    `bool = hasattr\nreturn bool(context.get("pending_user"), "backend")`,
  ],
  ['it names what is not there yet', `if context.get("is_restored"):\n    x = True\nreturn x`],
  [
    'it has what nobody knows from a module that is called alike',
    `from authentik.core.model import USER_ATTRIBUTE_CHANGE_NAME\nreturn True`,
  ],
  ['it shows what could do something', 'ak_message(f"{request.context.pop()}")\nreturn False'],
  ['it shows somebody', 'ak_message(f"{request.user}")\nreturn False'],
  ['it compares one after the other', `return None == context.get("is_restored") == False`],
  ['it goes by a loop', `for x in []:\n    pass\nreturn True`],
  ['it is a function within', `return (lambda: True)()`],
  ['it assigns within', `return (x := True)`],
  ['a truth is a number', `return True == 1`],
  ['it has no first step to go with', `  return True\nreturn False`],
  [
    'it mixes what lines are indented by',
    `if ak_is_sso_flow:\n\treturn True\n        return False\nreturn False`,
  ],
  ['what looks like a comment ends where one does not see it', `# why\u2028return False\nreturn True`],
  ['a line ends that does not end there', `# why\rreturn True`],
  ['a name is not what it seems', `return not c\u043entext.get("is_restored")`],
  ['a name is spelled with wide letters', `return not \uFF43ontext.get("is_restored")`],
  ['a text goes over several lines', `"""\nreturn False\n"""\nreturn True`],
  ['a text is raw', `return context.get(r"is_restored", True)`],
  ['a text is bytes', `return context.get(b"is_restored", True)`],
  ['a text hides what it is', `return not context.get("is_\\x72estored")`],
  ['it is no Python', 'return not'],
  ['there is nothing in it', ''],
  ['there are only comments in it', '# return True\n\n  # later'],
  ['it is cut off', 'if context.get("is_restored"):\n'],
  ['it holds what cannot be stored', 'ak_message("\0")\nreturn False'],
  ['it says more than anybody reads', `ak_message("${'x'.repeat(501)}")\nreturn False`],
])('an expression is not recognised where %s', (_, source) => {
  expect(translateExpression(source)).toBeUndefined();
});

it.each([
  ['brackets', `return ${'('.repeat(9000)}True${')'.repeat(9000)}`],
  ['denials', `return ${'not '.repeat(4900)}True`],
  ['ifs', Array.from({ length: 130 }, (_, depth) => `${' '.repeat(depth)}if ak_is_sso_flow:\n`).join('')],
  ['elifs', `if ak_is_sso_flow:\n  pass\n${'elif ak_is_sso_flow:\n  pass\n'.repeat(700)}`],
  ['members', `return context${'.get'.repeat(4900)}`],
  ['alternatives', `return ${'ak_is_sso_flow or '.repeat(1000)}True`],
  ['quotes', `return "${'\\\\'.repeat(9000)}`],
  ['blanks', `return${' '.repeat(19_000)}x`],
  ['a megabyte', `return ${'x'.repeat(1_000_000)}`],
  ['a megabyte of comments', '#\n'.repeat(500_000)],
  [
    'questions',
    Array.from({ length: 150 }, (_, at) => `if ak_user_by(username="u${at}"):\n  pass\n`).join(''),
  ],
])('a text that is nothing but %s is answered at once', (_, source) => {
  // What the processor has done, since others may have it meanwhile.
  const begun = process.cpuUsage();
  const found = [translateExpression(source), translatePromptExpression(source)];
  const { user, system } = process.cpuUsage(begun);
  expect(user + system).toBeLessThan(1_000_000);
  expect(found[1]).toBeUndefined();
});

it.each([
  [`return user.username`, { expression: 'user?.username ?? ""' }],
  [
    `try:\n    return request.user.email\nexcept Exception:\n    return 'none'`,
    { expression: 'user?.email ?? "none"' },
  ],
  [
    `try:\n    return user.attributes.get("settings", {}).get("the locale", "")\nexcept:\n    return ''`,
    { expression: 'user?.attributes?.["settings"]?.["the locale"] ?? ""' },
  ],
  [`return http_request.user.name`, { expression: 'viewer?.name ?? ""' }],
  [`return ("Say " 'why.')`, { text: 'Say why.' }],
])('an expression of a prompt field is said our way: %s', (source, translated) => {
  expect(translatePromptExpression(source)).toEqual(translated);
});

it.each([
  `return user.password`,
  `return user.attributes.get("a").get("b", "")`,
  `return user.attributes.get("a", "x")`,
  `user = 1\nreturn user.username`,
  `return request.http_request.build_absolute_uri("/")`,
  `try:\n    return user.username\nexcept KeyError:\n    return ''`,
  `return f"{user.username}"`,
  `return username`,
  `return 1`,
])('an expression of a prompt field is not recognised where it is anything else: %s', (source) => {
  expect(translatePromptExpression(source)).toBeUndefined();
});
