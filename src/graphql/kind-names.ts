/** The names that follow from a kind's own, such as `user-login`. */

/** `UserLoginChallenge` */
export function typeName(kind: string, role: string): string {
  return kind.split('-').map(capitalised).join('') + role;
}

/** `userLogin` */
export function fieldName(kind: string): string {
  const [first = '', ...rest] = kind.split('-');
  return first + rest.map(capitalised).join('');
}

/** `USER_LOGIN` */
export function enumName(kind: string): string {
  return kind.toUpperCase().replaceAll('-', '_');
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
