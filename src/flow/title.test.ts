import { titleFor } from './title.js';

describe('the title of a flow', () => {
  it('names the person whom the flow is about, as often as it says', () => {
    expect(titleFor('Welcome, %(user)s! Not %(user)s?', 'ada')).toBe('Welcome, ada! Not ada?');
  });

  it('leaves the name out where nobody is known, and the application always', () => {
    expect(titleFor('%(app)s Welcome %(user)s', undefined)).toBe('Welcome');
  });

  it('takes nothing of a name for a placeholder', () => {
    expect(titleFor('Hello %(user)s', '%(user)s $& %(app)s')).toBe('Hello %(user)s $& %(app)s');
  });

  it.each(['100 %', '%(other)s', '%(user)d', '%s', ''])('leaves %p as it is', (title) => {
    expect(titleFor(title, 'ada')).toBe(title);
  });
});
