import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

import { LARGEST_DOCUMENT_BYTES } from '../../flow/services/document-reader.js';
import type { DocumentReader, ReadDocument } from '../../flow/services/document-reader.js';
import { LoneThread, Unanswered } from '../thread/lone-thread.js';

/** Any that a person has written takes a fraction of this. */
const LONGEST_MILLISECONDS = 10_000;
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 512 };

/** Beside this very file: `read-worker.ts` in tests, `read-worker.js` once it is built. */
const WORKER_FILE = new URL(`./read-worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url);

/**
 * Reads documents in a thread of its own: the library takes seconds for some that are well within the limits, and for
 * others as good as for ever.
 */
export function createDocumentReader(): DocumentReader & { close(): Promise<void> } {
  const thread = new LoneThread<string, ReadDocument>(WORKER_FILE, {
    name: 'documents',
    longestMilliseconds: LONGEST_MILLISECONDS,
    resourceLimits: RESOURCE_LIMITS,
  });
  return {
    async read(text) {
      const bytes = Buffer.byteLength(text);
      if (bytes > LARGEST_DOCUMENT_BYTES) {
        return tooLarge(
          `The document has ${bytes} bytes; at most ${LARGEST_DOCUMENT_BYTES} are read. Divide it.`,
        );
      }
      try {
        return await thread.run(text);
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
        return tooLarge('The document cannot be read in any sensible time. Make it simpler, or divide it.');
      }
    },
    close: () => thread.close(),
  };
}

function tooLarge(message: string): ReadDocument {
  return { ok: false, problems: [{ path: [], code: 'TOO_LARGE', message }] };
}
