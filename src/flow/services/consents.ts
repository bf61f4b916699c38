/** What people have agreed to, as stages look for it. */
export interface Consents {
  /**
   * The permissions that this person has agreed to when this stage asked, as far as that holds now; undefined where they
   * have agreed to nothing, which is less than to nothing in particular.
   */
  granted(userId: string, stageId: string, now: Date): Promise<readonly string[] | undefined>;
}
