interface Key {
  /** Who has given the key. */
  readonly issuer: string;
  /** Whose it is. */
  readonly account: string;
  /** In base32. */
  readonly secret: string;
  readonly digits: number;
}

/** What authenticator apps read a key from: the Key Uri Format of Google Authenticator, quoted as RFC 3986 says. */
export function keyUri({ issuer, account, secret, digits }: Key): string {
  // A colon is what separates the two in the label.
  const [who, whose] = [issuer.replaceAll(':', ''), account.replaceAll(':', '')];
  const parameters = { secret, issuer: who, algorithm: 'SHA1', digits: String(digits), period: '30' };
  const query = Object.entries(parameters).map(([name, value]) => `${name}=${quoted(value)}`);
  return `otpauth://totp/${quoted(who)}:${quoted(whose)}?${query.join('&')}`;
}

/** `encodeURIComponent` leaves a few characters as they are that RFC 3986 reserves. */
function quoted(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
