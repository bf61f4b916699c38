import { documentsToApply } from '../../src/blueprints/shipped.js';
import { planned } from '../support/blueprints.js';
import { SERVICES } from '../support/conditions.js';

const SHIPPED = new URL('../../blueprints/', import.meta.url);
const documents = await documentsToApply(SHIPPED, 'all');

afterAll(() => SERVICES.expressions.close());

describe.each(documents.map((shipped) => [shipped.file, shipped] as const))(
  'the shipped document %s',
  (_, { text }) => {
    it('is one that stages and policies accept, whatever else is there', async () => {
      const { changes, problems } = await planned(text);
      expect(problems).toEqual([]);
      expect(changes.map(({ action }) => action)).toContain('CREATE');
    });
  },
);

describe('the documents that a start applies', () => {
  const filesFor = async (examples: readonly string[]) =>
    (await documentsToApply(SHIPPED, examples)).map(({ file }) => file);
  const defaults = documents.map(({ file }) => file).filter((file) => !file.includes('/'));

  it('are the defaults, where nobody asks for more', async () => {
    expect(await filesFor([])).toEqual(defaults);
    expect(defaults.length).toBeGreaterThan(4);
  });

  it('are those and each example that is named, once', async () => {
    expect(await filesFor(['enrollment-two-steps', 'enrollment-two-steps'])).toEqual([
      ...defaults,
      'example/enrollment-two-steps.yaml',
    ]);
  });

  it('make no flow that another one makes', async () => {
    const plans = await Promise.all(documents.map(({ text }) => planned(text)));
    const flows = plans.flatMap(({ changes }) =>
      changes.flatMap(({ object }) => (/^flow:\S+$/.test(object) ? [object] : [])),
    );
    expect(flows.length).toBeGreaterThan(10);
    expect(flows.toSorted()).toEqual([...new Set(flows)].toSorted());
  });

  it.each(['nothing', '../default/authentication', 'enrollment-two-steps.yaml'])(
    'are not %s: no example has that name, and the names that there are are told',
    async (name) => {
      await expect(filesFor([name])).rejects.toThrow(
        /STAGEDOOR_EXAMPLES names .*; there are all, .*enrollment-two-steps/,
      );
    },
  );
});
