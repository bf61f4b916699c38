import type { Rule, Rules } from '../rules.js';

const OWN_SERVER =
  'Mails go by the mail server of the service, with its sender: a stage has none of its own.';
const WORDING = 'What mails say goes by what they are for; it is not written in the stage.';

/** How a stage would send mail by itself: without effect where the global settings are used. */
const ownServer: Rule = ({ path }, { entry, problems }) => {
  if (entry.fields.get('use_global_settings')?.value !== true) problems.warning(path, OWN_SERVER);
};

/** What every stage that writes mails has there. */
export const mailRules: Rules = {
  use_global_settings: ({ value, path }, { problems }) => {
    if (value !== true) problems.warning(path, OWN_SERVER);
  },
  ...{ host: ownServer, port: ownServer, username: ownServer, password: ownServer },
  ...{ use_tls: ownServer, use_ssl: ownServer, timeout: ownServer, from_address: ownServer },
  subject: ({ path }, { problems }) => problems.warning(path, WORDING),
  template: ({ path }, { problems }) => problems.warning(path, WORDING),
};
