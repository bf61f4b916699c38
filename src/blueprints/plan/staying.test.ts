import { stageKinds } from '../../stages/list.js';
import { planned } from '../../../test/support/blueprints.js';
import { catalogueOf, flow, placed, stage } from '../../../test/support/definitions.js';

/** What is said of a flow that holds one stage already, where a document puts another one there. */
async function said(kind: string, order: number, put: string, at: number) {
  const catalogue = catalogueOf(flow([placed(stage('m-staying', kind), { order })]));
  const [name, kindPut] = put.split(' ');
  const { problems } = await planned(
    `stagedoor: 1
name: test
entries:
  - { stage: ${name}, kind: ${kindPut} }
  - { flow: under-test, stages: [{ stage: ${name}, order: ${at} }] }`,
    { catalogue, tellsWhatStays: true },
  );
  const told = problems.filter(({ code }) => code === 'CONFLICTING');
  return told.map(({ severity, path }) => `${severity} ${path}`);
}

describe('a flow that saves or signs in by itself, beside a document that does so too', () => {
  const ours = [
    placed(stage('our-form', 'prompt'), { order: 10 }),
    placed(stage('our-guard', 'consent'), { order: 15 }),
    placed(stage('our-write', 'user-write'), { order: 20 }),
  ];
  type Put = readonly [kind: string, order: number];
  const taken = async (theirs: readonly Put[], held = ours) => {
    const { changes, problems } = await planned(
      `stagedoor: 1
name: test
entries:
${theirs.map(([kind]) => `  - { stage: their-${kind}, kind: ${kind} }`).join('\n')}
  - flow: under-test
    stages: [${theirs.map(([kind, order]) => `{ stage: their-${kind}, order: ${order} }`).join(', ')}]`,
      { catalogue: catalogueOf(flow(held)), tellsWhatStays: true },
    );
    const deleted = changes.filter(({ action }) => action === 'DELETE').map(({ object }) => object);
    const told = problems.filter(({ code }) => code === 'CONFLICTING');
    return { deleted, severities: told.map(({ severity }) => severity) };
  };

  it('gives way to it where it would be done before the document has had everything asked; guards never do', async () => {
    expect(
      await taken([
        ['email', 21],
        ['prompt', 30],
        ['user-write', 40],
      ]),
    ).toEqual({
      deleted: ['flow:under-test / stage:our-form @ 10', 'flow:under-test / stage:our-write @ 20'],
      severities: ['WARNING', 'WARNING'],
    });
    // Only our form is: it would ask before the mail has arrived, and what it collects is for what saves.
    expect(
      (
        await taken([
          ['email', 15],
          ['prompt', 30],
          ['user-write', 40],
        ])
      ).deleted,
    ).toHaveLength(2);
    expect(
      (
        await taken([
          ['email', 21],
          ['user-write', 40],
        ])
      ).deleted,
    ).toEqual(['flow:under-test / stage:our-write @ 20']);
  });

  it('is an error where the document would save before something that stays has kept anybody out', async () => {
    expect(
      await taken([
        ['prompt', 5],
        ['user-write', 12],
      ]),
    ).toEqual({ deleted: [], severities: ['ERROR'] });
    // That ours has saved before a guard as well makes theirs no better; but theirs may stand where it stood.
    const guard = placed(stage('late-guard', 'captcha'), { order: 30 });
    const put: Put[] = [
      ['prompt', 16],
      ['user-write', 22],
    ];
    expect((await taken(put, [...ours, guard])).severities).toEqual(['ERROR']);
    const theirs = placed(stage('their-user-write', 'user-write'), { order: 22 });
    expect((await taken(put, [...ours, theirs, guard])).severities).toEqual(['WARNING']);
  });

  it('stays where nothing that the document asks comes later', async () => {
    expect(
      await taken([
        ['email', 5],
        ['prompt', 30],
        ['user-write', 40],
      ]),
    ).toEqual({
      deleted: [],
      severities: ['WARNING'],
    });
  });
});

it.each([
  ['user-login', 30, 'UPDATE flow:under-test / stage:same @ 30'],
  ['user-login', 10, 'UPDATE flow:under-test / stage:same @ 10'],
  ['captcha', 10, 'UPDATE flow:under-test / stage:same @ 10'],
  ['captcha', 30, 'CREATE flow:under-test / stage:same @ 30'],
])(
  'a %s that the document has @ %d and the flow @ 20 is moved, but nobody gets by one',
  async (kind, to, what) => {
    const { changes } = await planned(
      `stagedoor: 1
name: test
entries:
  - { flow: under-test, stages: [{ stage: same, order: ${to} }] }`,
      {
        catalogue: catalogueOf(flow([placed(stage('same', kind), { order: 20 })])),
        tellsWhatStays: true,
      },
    );
    expect(changes.map(({ action, object }) => `${action} ${object}`)).toContain(what);
  },
);

const WARNING = ['WARNING entries[1].stages'];
const ERROR = ['ERROR entries[1].stages'];

describe('a stage that stays in a flow beside those of a document for elsewhere', () => {
  it.each([
    ['user-login', 10, 'x deny', 20],
    ['user-login', 10, 'x prompt', 20],
    ['user-write', 10, 'x authenticator-validate', 20],
    ['user-delete', 10, 'x password', 20],
    // Of two with the same number, the one whose name comes first.
    ['user-login', 10, 'x deny', 10],
  ] as const)(
    'is an error: %s @ %d, where %s @ %d could still keep somebody out',
    async (kind, order, put, at) => {
      expect(await said(kind, order, put, at)).toEqual(ERROR);
    },
  );

  it.each([
    ['user-login', 20, 'x deny', 10],
    ['user-login', 10, 'a deny', 10],
    ['user-login', 10, 'x user-write', 20],
    ['user-write', 10, 'x prompt', 20],
    ['prompt', 10, 'x deny', 20],
    ['authenticator-validate', 10, 'x deny', 20],
  ] as const)('is told of: %s @ %d, beside %s @ %d', async (kind, order, put, at) => {
    expect(await said(kind, order, put, at)).toEqual(WARNING);
  });
});

// A new kind has to be one of these, or has to be told to what keeps people out.
const PASSED_BY = ['prompt', 'user-write', 'user-delete', 'user-login', 'user-logout', 'redirect', 'dummy'];

it.each(stageKinds.map(({ name }) => name).filter((name) => !PASSED_BY.includes(name)))(
  'nobody is signed in by a stage that stays before a stage of the kind %s has had its turn',
  async (kind) => {
    expect(await said('user-login', 10, `x ${kind}`, 20)).toEqual(ERROR);
  },
);
