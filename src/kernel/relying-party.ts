import { isLoopback } from './loopback.js';

/** Of whom a native Android app is signed: SHA-256, in base64url. */
const ANDROID_APP = /^android:apk-key-hash:[\w-]{43}$/;

/**
 * Whether passkeys for this domain can be used at a host: it is the host itself, or a domain above it that has a dot.
 * Whether anybody may register names right below it, as below `co.uk`, is known to browsers, which refuse those.
 */
export function isRelyingPartyIdFor(id: string, host: string): boolean {
  return id === host || (isDomain(id) && host.endsWith(`.${id}`));
}

/** Whether passkeys may be used from there: a web origin to which nobody else can listen, or a native Android app. */
export function isPasskeyOrigin(origin: string): boolean {
  if (ANDROID_APP.test(origin)) return true;
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  if (url?.origin !== origin || origin.includes('*')) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

/** Those origins from which browsers let a page use passkeys of this domain without being told more. */
export function originsWithin(id: string, origins: readonly string[]): string[] {
  const within = origins.filter(
    (origin) => isPasskeyOrigin(origin) && isRelyingPartyIdFor(id, new URL(origin).hostname),
  );
  return [...new Set(within)];
}

/** Those of them that are pages, not apps. */
export function webOrigins(origins: readonly string[]): string[] {
  return origins.filter((origin) => !ANDROID_APP.test(origin));
}

function isDomain(text: string): boolean {
  return /^[\da-z]([\da-z-]*[\da-z])?(\.[\da-z]([\da-z-]*[\da-z])?)+$/.test(text) && !/\.\d+$/.test(text);
}
