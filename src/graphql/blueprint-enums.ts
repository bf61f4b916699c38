import { linkedFlows } from '../blueprints/closure.js';
import { documentFormats } from '../blueprints/document-text.js';
import { declared, described } from './enums.js';

export const BlueprintAction = described(
  'BlueprintAction',
  ['CREATE', 'UPDATE', 'DELETE', 'UNCHANGED'],
  'What a document does to an object.',
  {
    CREATE: 'It is made.',
    UPDATE: 'It is changed.',
    DELETE: 'It is deleted.',
    UNCHANGED: 'It is as the document says already.',
  },
);

export const BlueprintSeverity = described(
  'BlueprintSeverity',
  ['ERROR', 'WARNING'],
  'Whether a problem of a document stands in its way.',
  {
    ERROR: 'Nothing is applied as long as it is there.',
    WARNING: 'The document asks for something that it does not get; without it, nothing is weaker.',
  },
);
export const LinkedFlowsEnum = declared(
  'LinkedFlows',
  'What becomes of a flow that a stage of an exported one leads to.',
  linkedFlows,
);

export const DocumentFormatEnum = declared('DocumentFormat', 'How a document is written.', documentFormats);
