import type { TypedRun } from '../define.js';
import type { EmailConfig } from './config.js';

export type EmailRun = TypedRun<
  EmailConfig,
  'users' | 'guesses' | 'rates' | 'mailing' | 'mailLinks' | 'definitions'
>;
