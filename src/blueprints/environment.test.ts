import { readBlueprintEnvironment } from './environment.js';
import type { BlueprintEnvironment } from './environment.js';

type Variables = Readonly<Record<string, string>>;

function read(variables: Variables): BlueprintEnvironment {
  const problems: string[] = [];
  const environment = readBlueprintEnvironment(variables, problems);
  expect(problems).toEqual([]);
  return environment;
}

function problemsOf(variables: Variables): string[] {
  const problems: string[] = [];
  readBlueprintEnvironment(variables, problems);
  return problems;
}

it('names the folders as they are written, and none where nothing is', () => {
  expect(
    read({ STAGEDOOR_BLUEPRINTS_DIR: ' /etc/blueprints ', STAGEDOOR_BLUEPRINTS_FILES_DIR: 'files' }),
  ).toMatchObject({ directory: '/etc/blueprints', filesDirectory: 'files' });
  expect(read({ STAGEDOOR_BLUEPRINTS_DIR: ' ', STAGEDOOR_BLUEPRINTS_FILES_DIR: '' })).toMatchObject({
    directory: null,
    filesDirectory: null,
  });
});

describe('named secrets', () => {
  it('are what the variables after the prefix say, with whatever spaces they have', () => {
    const { secrets } = read({
      STAGEDOOR_BLUEPRINT_SECRET_CAPTCHA: ' s3cret ',
      STAGEDOOR_BLUEPRINT_SECRET_A1_B: 'x',
      STAGEDOOR_BLUEPRINT_SECRET_EMPTY: '',
      CAPTCHA: 'another',
    });
    expect([...secrets].map(([name, secret]) => [name, secret.reveal()])).toEqual([
      ['CAPTCHA', ' s3cret '],
      ['A1_B', 'x'],
    ]);
    expect(JSON.stringify([...secrets])).not.toContain('s3cret');
  });

  it.each(['captcha', '1', '_A', 'A-B', 'Ä', ''])(
    'are not called %p: no document could name them',
    (name) => {
      const problems = problemsOf({ [`STAGEDOOR_BLUEPRINT_SECRET_${name}`]: 'hunter2' });
      expect(problems).toEqual([expect.stringContaining(`STAGEDOOR_BLUEPRINT_SECRET_${name} must`)]);
      expect(problems.join()).not.toContain('hunter2');
    },
  );
});

describe('the parameters of documents in the folder', () => {
  it('are what the variables after the prefix say, as they say it', () => {
    const { parameters } = read({
      STAGEDOOR_BLUEPRINT_PARAMETER_FOR_STAFF: 'true',
      STAGEDOOR_BLUEPRINT_PARAMETER__A1: ' text ',
      STAGEDOOR_BLUEPRINT_PARAMETER_EMPTY: '',
      SLUG: 'another',
    });
    expect(parameters).toEqual(
      new Map([
        ['FOR_STAFF', 'true'],
        ['_A1', ' text '],
      ]),
    );
  });

  it.each(['forStaff', '1', 'A-B', 'Ä', '', 'A'.repeat(201)])(
    'are not called %p: no parameter is, written in capitals',
    (name) => {
      const problems = problemsOf({ [`STAGEDOOR_BLUEPRINT_PARAMETER_${name}`]: 'hunter2' });
      expect(problems).toEqual([expect.stringContaining(`STAGEDOOR_BLUEPRINT_PARAMETER_${name} must`)]);
      expect(problems.join()).not.toContain('hunter2');
    },
  );
});

describe('the variables that documents may read', () => {
  it('are none without a prefix', () => {
    expect(read({ BLUEPRINT_TITLE: 'Welcome' }).variables).toBeNull();
  });

  it('are those that begin with it and hold something', () => {
    const variables = {
      STAGEDOOR_BLUEPRINTS_VARIABLES: 'BLUEPRINT_',
      BLUEPRINT_TITLE: ' Welcome ',
      BLUEPRINT_EMPTY: '',
      BLUEPRINTS: 'x',
      PATH: '/bin',
    };
    expect(read(variables).variables).toEqual({
      prefix: 'BLUEPRINT_',
      values: new Map([['BLUEPRINT_TITLE', ' Welcome ']]),
    });
  });

  it.each(['A_', 'ABC', 'abcd_', 'AB-CD_', '_ABC_', '4ABC_', 'AB C_'])(
    'do not begin with %p, which says too little or cannot begin one',
    (prefix) => {
      expect(problemsOf({ STAGEDOOR_BLUEPRINTS_VARIABLES: prefix })).toEqual([
        expect.stringMatching(/^STAGEDOOR_BLUEPRINTS_VARIABLES must be how names of variables begin/),
      ]);
    },
  );

  it.each([
    'STAGEDOOR_',
    'STAGEDOOR_SECRET_',
    'STAGEDOOR_ADMIN_',
    'DATABASE_',
    'SMTP_',
    'STAGEDOOR_BLUEPRINT_',
    'STAGEDOOR_BLUEPRINT_SECRET_',
    'STAGEDOOR_BLUEPRINT_SECRET_CAPTCHA_',
  ])('do not begin with %s, as secrets do', (prefix) => {
    expect(problemsOf({ STAGEDOOR_BLUEPRINTS_VARIABLES: prefix })).toEqual([
      expect.stringMatching(/^STAGEDOOR_BLUEPRINTS_VARIABLES must not let documents read secrets/),
    ]);
  });
});
