/** Why a message will never be taken, however often it is tried. The message says nothing of what it would have said. */
export class Undeliverable extends Error {}
