/** Stands for the public origin, which a configuration does not know. */
const HERE = 'https://here.invalid';

/**
 * Whether a browser that is sent here goes where it looks like it would: to http or https, with no credentials in
 * the address, and a path stays a path.
 */
export function isWebAddress(text: string): boolean {
  if (!URL.canParse(text, HERE)) return false;
  const url = new URL(text, HERE);
  if (url.username !== '' || url.password !== '') return false;
  if (url.origin === HERE) return text === url.pathname + url.search + url.hash && !text.startsWith('//');
  return /^https?:\/\/[^\s\\]+$/i.test(text);
}
