import { valuesFromVariables, variableOf } from './parameter-variables.js';
import type { ParameterDeclarations } from './parameters.js';

const DECLARED: ParameterDeclarations = {
  slug: { type: 'string' },
  forStaff: { type: 'boolean', default: false },
  order: { type: 'integer', default: 10 },
  hosts: { type: 'list', default: [] },
};

function values(variables: Readonly<Record<string, string>>, declared = DECLARED): object {
  const read = valuesFromVariables(declared, new Map(Object.entries(variables)));
  expect(read.problems).toEqual([]);
  return Object.fromEntries(read.values);
}

function problems(variables: Readonly<Record<string, string>>, declared = DECLARED): string[] {
  const read = valuesFromVariables(declared, new Map(Object.entries(variables)));
  expect(JSON.stringify(read.problems)).not.toContain('hunter2');
  return read.problems.map(({ path, code, message }) => `${path} ${code} ${message}`);
}

it.each([
  ['slug', 'SLUG'],
  ['forStaff', 'FOR_STAFF'],
  ['for-staff', 'FOR_STAFF'],
  ['for_staff', 'FOR_STAFF'],
  ['FOR_STAFF', 'FOR_STAFF'],
  ['for-Staff', 'FOR_STAFF'],
  ['theURLPath', 'THE_URL_PATH'],
  ['userID', 'USER_ID'],
  ['level2Name', 'LEVEL2_NAME'],
  ['_own', '_OWN'],
  ['a--b-', 'A__B_'],
])('the variable for the parameter %s ends in %s', (parameter, variable) => {
  expect(variableOf(parameter)).toBe(variable);
});

it('parameters are what their variables say, read as on the command line, and else their defaults', () => {
  expect(values({ SLUG: 'partners' })).toEqual({ slug: 'partners', forStaff: false, order: 10, hosts: [] });
  expect(values({ SLUG: '"15"', FOR_STAFF: 'true', ORDER: '-3', HOSTS: '["a", 1]' })).toEqual({
    ...{ slug: '15', forStaff: true, order: -3, hosts: ['a', 1] },
  });
});

it('variables for parameters of other documents are no problem', () => {
  expect(values({ SLUG: 'partners', TITLE: 'hunter2' })).toMatchObject({ slug: 'partners' });
});

it('what is wrong is told with the name of the variable, and without its value', () => {
  expect(problems({ SLUG: '15', FOR_STAFF: 'hunter2', ORDER: '1.5' })).toEqual([
    'parameters.slug INVALID_TYPE Must be of the type string. Its variable is STAGEDOOR_BLUEPRINT_PARAMETER_SLUG.',
    'parameters.forStaff INVALID_TYPE Must be of the type boolean. Its variable is STAGEDOOR_BLUEPRINT_PARAMETER_FOR_STAFF.',
    'parameters.order INVALID_TYPE Must be of the type integer. Its variable is STAGEDOOR_BLUEPRINT_PARAMETER_ORDER.',
  ]);
  expect(problems({})).toEqual([
    'parameters.slug REQUIRED A value has to be given for this parameter. Its variable is STAGEDOOR_BLUEPRINT_PARAMETER_SLUG.',
  ]);
});

it('a default that is wrong is told as that', () => {
  expect(problems({}, { order: { type: 'integer', default: 'ten' } })).toEqual([
    'parameters.order.default INVALID_TYPE Must be of the type integer.',
  ]);
});

describe('two parameters with the same variable', () => {
  const declared: ParameterDeclarations = {
    forStaff: { type: 'string', default: 'a' },
    'for-staff': { type: 'string', default: 'b' },
  };

  it('have their defaults as long as the variable says nothing', () => {
    expect(values({}, declared)).toEqual({ forStaff: 'a', 'for-staff': 'b' });
  });

  it('are a problem where it says something: which one is meant is not guessed', () => {
    expect(problems({ FOR_STAFF: 'hunter2' }, declared)).toEqual([
      expect.stringMatching(
        /^parameters\.forStaff CONFLICTING STAGEDOOR_BLUEPRINT_PARAMETER_FOR_STAFF .* for-staff:/,
      ),
      expect.stringMatching(/^parameters\.for-staff CONFLICTING .* for forStaff:/),
    ]);
  });
});
