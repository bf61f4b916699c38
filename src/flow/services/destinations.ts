/** Where a person may be sent when it was not an administrator who wrote the address down. */
export interface Destinations {
  /**
   * The address in the form in which a client may be told it: a path on the public origin, or an address whose origin
   * is allowed. Undefined where nobody may be sent there.
   */
  acceptable(address: string): string | undefined;
}
