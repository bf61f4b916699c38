/** An address that only tells its person which one it is: of each part but the last, the first character. */
export function maskedAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const labels = address.slice(at + 1).split('.');
  const [hidden, shown] = [labels.slice(0, -1), labels.slice(-1)];
  return `${masked(address.slice(0, at))}@${[...hidden.map(masked), ...shown].join('.')}`;
}

/** Short parts would be told by their first character. */
function masked(part: string): string {
  const [first = '', ...rest] = Array.from(part);
  return rest.length < 2 ? '*'.repeat(rest.length + 1) : first + '*'.repeat(rest.length);
}
