import { isMailTemplate, mailTemplates } from '../../flow/services/mail-texts.js';

/** Something for every place that there is. */
export const samples = {
  url: 'https://auth.example.org/flows/sample#flowToken=sample',
  code: '12345678',
  minutes: '10',
  when: '2026-01-31T08:05:00.000Z',
  expires: '2026-02-07T08:05:00.000Z',
  address: '203.0.113.7',
  newEmail: 'new@example.org',
  name: 'Ada Lovelace',
  authenticator: 'Authenticator app',
  newName: 'My telephone',
};

/** The mails that there are. */
export const templates = Object.keys(mailTemplates).filter(isMailTemplate);
