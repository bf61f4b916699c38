const LONGEST_ADDRESS = 254;
const LONGEST_LOCAL_PART = 64;
const localPart = /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
const domain = /^[a-z\d]([a-z\d-]{0,61}[a-z\d])?(\.[a-z\d]([a-z\d-]{0,61}[a-z\d])?)*$/i;

/**
 * Whether a text is one mail address (RFC 5321, without quoted parts and address literals) and nothing besides: no
 * name, no list, no line break, nothing that a mail server could take for a command.
 */
export function isMailAddress(text: string): boolean {
  const [local = '', host = '', ...rest] = text.split('@');
  return (
    rest.length === 0 &&
    text.length <= LONGEST_ADDRESS &&
    local.length <= LONGEST_LOCAL_PART &&
    localPart.test(local) &&
    domain.test(host)
  );
}

/** Whom mails from a host come from. An address that has a number instead of a name cannot have a mailbox. */
export function noReplyAt(host: string): string {
  const address = `no-reply@${host}`;
  return isMailAddress(address) && !/[\d.]+$/.test(address) ? address : 'no-reply@localhost';
}
