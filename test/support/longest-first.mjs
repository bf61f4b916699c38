import Sequencer from '@jest/test-sequencer';

/** Takes as long as some fifty other files. Begun among the last, it would be waited for by a worker with nothing to do. */
const LONGEST = ['/test/process/model.test.ts'];

/** jest's own order, by size or by how long each took before, but for the file that has to be begun at once. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const isLongest = ({ path }) => LONGEST.some((end) => path.endsWith(end));
    return super.sort(tests).toSorted((one, other) => Number(isLongest(other)) - Number(isLongest(one)));
  }
}
