// Runs in a worker thread. In tests this very file is run by Node, which only strips types: no syntax here may need
// more than that, and no module of ours may be imported except for its types.
import { parentPort } from 'node:worker_threads';

import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import * as common from '@zxcvbn-ts/language-common';
import * as english from '@zxcvbn-ts/language-en';

import type { EstimateAnswer, EstimateTask } from './estimate-protocol.js';

if (parentPort === null) throw new Error('estimate-worker.ts is the body of a worker thread');
const port = parentPort;

/** How many ways of reading `p4$$w0rd` are tried. With the default, 100, a long password takes seconds. */
const MOST_READINGS = 20;

const estimator = new ZxcvbnFactory({
  l33tMaxSubstitutions: MOST_READINGS,
  dictionary: { ...common.dictionary, ...english.dictionary },
  graphs: common.adjacencyGraphs,
  translations: english.translations,
});

port.on('message', ({ password, contextWords }: EstimateTask) => {
  const { score, feedback } = estimator.check(password, [...contextWords]);
  const advice = [feedback.warning ?? '', ...feedback.suggestions].filter((text) => text !== '');
  const answer: EstimateAnswer = { score, advice };
  port.postMessage(answer);
});
// All that this file needs is loaded by now.
port.postMessage('READY');
