import type { ExternalSources } from '../../src/blueprints/external-sources.js';
import { outcome } from '../support/relative.js';

const FILES = new Map([['banner.txt', 'from a file']]);
const VARIABLES = new Map([
  ['APP_TITLE', 'from a variable'],
  ['APP_EMPTY', ''],
]);
const OPEN: ExternalSources = {
  variable: (name) => (name.startsWith('APP_') ? { text: VARIABLES.get(name) } : 'FORBIDDEN'),
  file: (path) => (path.startsWith('/') ? 'FORBIDDEN' : { text: FILES.get(path) }),
};

/** An invitation whose data is what the tags come to: texts, numbers, true and false as they are. */
function holding(value: string): string {
  return [
    'version: 1',
    'context:',
    '  city: Graz',
    '  nested: !Context city',
    '  loop: !Context loop',
    '  list: [a, b]',
    '  map: { one: 1, two: 2 }',
    '  no: false',
    'entries:',
    '- model: authentik_core.group',
    '  identifiers: { name: staff }',
    '  id: staff',
    '- model: authentik_stages_invitation.invitation',
    '  identifiers: { name: test }',
    `  attrs: { single_use: true, expires: null, fixed_data: { x: ${value} } }`,
  ].join('\n');
}

test.each([
  ['!Context city', 'Graz'],
  ['!Context nested', 'Graz'],
  ['!Context [missing, otherwise]', 'otherwise'],
  ['!Context [no, otherwise]', false],
  ['!Env APP_TITLE', 'from a variable'],
  ['!Env [APP_NONE, otherwise]', 'otherwise'],
  ['!Env [APP_EMPTY, otherwise]', 'otherwise'],
  ['!File banner.txt', 'from a file'],
  ['!File [none.txt, otherwise]', 'otherwise'],
  ['!AtIndex [!ParseJSON \'{"a": 1}\', a]', 1],
  ['!Format ["%s-%s", !Context city, 7]', 'Graz-7'],
  ['!Format ["%05.1f|%-3s|%x|%%|%+d", 2.25, a, 255, 3]', '002.3|a  |ff|%|+3'],
  ['!Format ["%s %s", true, null]', 'True None'],
  ['!Condition [AND, true, !Context city]', true],
  ['!Condition [and, true, 0]', false],
  ['!Condition [NAND, true, true]', false],
  ['!Condition [OR, "", 1]', true],
  ['!Condition [NOR, "", []]', true],
  ['!Condition [NOR, 1]', false],
  ['!Condition [XOR, 1, 1, 1]', true],
  ['!Condition [XNOR, 1, 0]', false],
  ['!Condition [AND, !KeyOf staff]', true],
  ['!If [!Context city]', true],
  ['!If [{}]', false],
  ['!If [true, yes, no]', 'yes'],
  ['!If [false, !Env SECRET, !Context city]', 'Graz'],
  ['!AtIndex [!Context list, 1]', 'b'],
  ['!AtIndex [!Context map, two]', 2],
  ['!AtIndex [!Context list, 9, otherwise]', 'otherwise'],
  ['!AtIndex [!Enumerate [!Context list, SEQ, !Format ["%s%d", !Value 0, !Index 0]], 1]', 'b1'],
  ['!AtIndex [!Enumerate [!Context list, MAP, [!Value 0, !Index 0]], b]', 1],
  ['!AtIndex [!Enumerate [!Context list, MAP, { x: !Value 0 }], x]', 'b'],
  [
    '!AtIndex [!AtIndex [!Enumerate [[ab, cd], SEQ, !Enumerate [!Value 1, SEQ, !Format ["%s%d%d", !Value 0, !Index 1, !Index 0]]], 1], 0]',
    'c10',
  ],
])('%s comes to what it means', async (value, expected) => {
  const { entries, said } = await outcome(holding(value), {}, OPEN);

  expect(said).toEqual([]);
  expect(entries).toMatchObject([{}, { fixedData: { x: expected } }]);
});

const AT = 'entries[1].attrs.fixed_data.x';

test.each([
  ['!KeyOf nobody', AT, 'NOT_FOUND'],
  ['!FindObject [authentik_core.group, [name, staff]]', AT, 'UNSUPPORTED'],
  ['!If [!Find [authentik_core.group, [name, staff]]]', `${AT}[0]`, 'UNSUPPORTED'],
  ['!Condition [NOT, true]', AT, 'INVALID'],
  ['!Condition [AND]', AT, 'INVALID'],
  ['!If [true, one]', AT, 'INVALID'],
  ['!Find [authentik_core.group]', AT, 'INVALID'],
  ['!Find [authentik_core.group, name]', AT, 'INVALID'],
  ['!ParseJSON "{"', AT, 'INVALID'],
  ['!Format ["%s %s", 1]', AT, 'INVALID'],
  ['!Format ["%s", 1, 2]', AT, 'INVALID'],
  ['!Format ["%d", text]', AT, 'INVALID'],
  ['!Format ["%q", 1]', AT, 'INVALID'],
  ['!Format ["%999999999d", 1]', AT, 'INVALID'],
  ['!Format ["%s", !KeyOf staff]', AT, 'INVALID'],
  ['!Enumerate [7, SEQ, 1]', `${AT}[0]`, 'INVALID_TYPE'],
  ['!Enumerate [[1], LIST, 1]', AT, 'INVALID'],
  ['!Enumerate [[1], MAP, 1]', `${AT}[2]`, 'INVALID'],
  ['!Enumerate [!Value 0, SEQ, 1]', `${AT}[0]`, 'INVALID'],
  ['!Index 0', AT, 'INVALID'],
  ['!Enumerate [[1], SEQ, !Value 1]', `${AT}[2]`, 'INVALID'],
  ['!AtIndex [[1], 5]', AT, 'NOT_FOUND'],
  ['!AtIndex [[1], one]', AT, 'NOT_FOUND'],
  ['!Env SECRET', AT, 'FORBIDDEN'],
  ['!Env [SECRET, otherwise]', AT, 'FORBIDDEN'],
  ['!File /etc/passwd', AT, 'FORBIDDEN'],
  ['!Context loop', AT, 'LOOP'],
  ['!Include other.yaml', AT, 'UNSUPPORTED'],
])('%s is an error at its place', async (value, path, code) => {
  const { said } = await outcome(holding(value), {}, OPEN);

  expect(said).toEqual([`ERROR ${path} ${code}`]);
});

test('loops within loops end before they take the process with them', async () => {
  const text = `"${'x'.repeat(200)}"`;
  const bomb = [1, 2, 3, 4].reduce((body) => `!Enumerate [${text}, SEQ, ${body}]`, '!Value 0');

  const { said } = await outcome(holding(bomb), {}, OPEN);

  expect(said).toEqual([expect.stringMatching(/^ERROR entries\[1\]\.attrs\.fixed_data\.x\S* TOO_MANY$/)]);
});

test('what is given takes the place of the context, part by part, and of what is always there', async () => {
  const text = holding('!Format ["%s %s", !AtIndex [!Context map, one], !AtIndex [!Context map, three]]');

  const { entries } = await outcome(text, { map: { three: 3 } });

  expect(entries).toMatchObject([{}, { fixedData: { x: '1 3' } }]);
});

test('what a licence unlocks there is wanted, unless the importer says otherwise', async () => {
  const text = holding('!Context goauthentik.io/enterprise/licensed');

  const asItIs = await outcome(text);
  const without = await outcome(text, { 'goauthentik.io/enterprise/licensed': false });

  expect(asItIs.entries).toMatchObject([{}, { fixedData: { x: true } }]);
  expect(without.entries).toMatchObject([{}, { fixedData: { x: false } }]);
});
