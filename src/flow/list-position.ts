/** Where something stands in a list by the time at which it was made: its place does not change. */
export interface ListPosition {
  readonly createdAt: Date;
  readonly id: string;
}
