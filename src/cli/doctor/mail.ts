import { isMailAvailable, expectNoNeedOfMail } from '../../app/mail.js';
import { reasonOf } from '../../app/reason.js';
import { openSmtp } from '../../adapters/mail/smtp.js';
import type { Environment } from '../../environment.js';
import type { Catalogue } from '../../flow/catalogue.js';
import { stageKinds } from '../../stages/list.js';
import { fine, problem, warning } from './finding.js';
import type { Finding } from './finding.js';

/** Connects to the mail server and signs in there; no mail is sent. */
export async function examineMail({ smtpUrl, mailFrom, production }: Environment): Promise<Finding> {
  if (smtpUrl === null) {
    return production
      ? warning(
          'mail',
          'There is no mail server: no mail is sent, and nobody is told of changes to their account.',
          'Set SMTP_URL.',
        )
      : fine(
          'mail',
          'Development without a mail server: mails wait at GET /dev/mail while the service runs.',
        );
  }
  const transport = openSmtp({ url: smtpUrl, from: mailFrom });
  try {
    await transport.check();
    return fine('mail', 'The mail server was reached and has let us in; no mail was sent.');
  } catch (error) {
    return problem(
      'mail',
      reasonOf(error),
      'Check SMTP_URL: host, port, smtps:// or smtp://, user name and password (percent-encoded), and its certificate.',
    );
  } finally {
    await transport.close();
  }
}

/** Whether flows need mails that get nowhere: a start would refuse them. */
export function examineNeedOfMail(environment: Environment, catalogue: Catalogue): Finding[] {
  if (isMailAvailable(environment)) return [];
  try {
    expectNoNeedOfMail(catalogue, stageKinds);
    return [];
  } catch (error) {
    return [
      problem(
        'mail',
        reasonOf(error),
        'Set SMTP_URL, or take these stages out: the service does not start so.',
      ),
    ];
  }
}
