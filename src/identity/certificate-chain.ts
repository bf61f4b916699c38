import { X509Certificate } from 'node:crypto';

/** More than anybody's has. */
const LONGEST_CHAIN = 10;

/**
 * Whether this chain (DER, each certificate vouched for by the next) leads to one of the roots (PEM): every signature is
 * right, whoever vouches may, and all are good at the time. Nobody is asked whether one was revoked.
 */
export function isCertified(chain: readonly Uint8Array[], roots: readonly string[], at: Date): boolean {
  if (chain.length > LONGEST_CHAIN) return false;
  const trusted = roots.map(read).filter((root): root is X509Certificate => !!root && isGood(root, at));
  const certificates = chain.map(read);
  for (const [index, certificate] of certificates.entries()) {
    if (!certificate || !isGood(certificate, at)) return false;
    if (trusted.some((root) => isSame(root, certificate) || vouchesFor(root, certificate))) return true;
    const next = certificates[index + 1];
    if (!next || !vouchesFor(next, certificate)) return false;
  }
  return false;
}

/** Undefined where it is none. */
function read(certificate: Uint8Array | string): X509Certificate | undefined {
  try {
    return new X509Certificate(certificate);
  } catch {
    return undefined;
  }
}

function isGood({ validFrom, validTo }: X509Certificate, at: Date): boolean {
  return new Date(validFrom) <= at && at <= new Date(validTo);
}

function vouchesFor(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function isSame(one: X509Certificate, other: X509Certificate): boolean {
  return one.raw.equals(other.raw);
}
