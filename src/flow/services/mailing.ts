/** What stages may know of how mails are sent. */
export interface Mailing {
  /** Whether mails get anywhere: not in production without a server to send them by. */
  readonly available: boolean;
}
