import { failureMessage } from './failure-message.js';

const told = (description: string, source: string) => failureMessage({ description, stack: '' }, source, 0);

describe('what is told of a failure', () => {
  it('quotes names of the expression', () => {
    expect(told("ReferenceError: 'usr' is not defined", 'usr.email')).toBe(
      "ReferenceError: 'usr' is not defined",
    );
  });

  it.each([
    ["TypeError: cannot read property 'ann' of null", "TypeError: cannot read property '…' of null"],
    ['Error: no mail for ann@example.org today', 'Error: no … for … …'],
    ["SyntaxError: unexpected token: '#!$%&'", 'SyntaxError: unexpected token: …'],
    ['Ann: Müller', '…: …'],
  ])('conceals words that come from elsewhere: %s', (description, message) => {
    expect(told(description, 'null[user.name]')).toBe(message);
  });

  it('keeps the words that the author wrote', () => {
    expect(told('Error: too young', 'throw new Error("too young")')).toBe('Error: too young');
  });

  it.each([
    'The result is undefined: a body of statements needs a return',
    'The result has a property __proto__',
    'The result is or holds a number that is not finite',
    'The result holds an array with undefined in it',
    'The result is or holds a promise, and nothing is awaited',
    'The result is or holds an object that is neither plain nor an array',
    'The result is or holds a function',
    'The result is too long',
    'The result is nested too deeply',
    'Threw something that is not an Error',
  ])("tells the sandbox's own messages whole: %s", (message) => {
    expect(told(message, '1')).toBe(message);
  });

  it("names the author's line, and none where the stack has none or an impossible one", () => {
    const message = (stack: string) => failureMessage({ description: 'Error', stack }, 'a\nb', -1);
    expect(message('at <anonymous> (expression:3:5)')).toBe('Error (line 2)');
    expect(message('at parse (native)\n at f (expression:2:1)\n at <anonymous> (expression:3:5)')).toBe(
      'Error (line 1)',
    );
    expect(message('')).toBe('Error');
    expect(message('at <anonymous> (expression:999:5)')).toBe('Error');
    expect(message('at <anonymous> (expression:1:5)')).toBe('Error');
  });
});
