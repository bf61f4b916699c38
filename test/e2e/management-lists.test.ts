import { Composer } from '../support/compose.js';
import { signedIn } from '../support/flows.js';
import { startTestApp } from '../support/test-app.js';
import type { TestApp } from '../support/test-app.js';
import type { TestClient } from '../support/test-client.js';

let app: TestApp;
let admin: TestClient;
let composer: Composer;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signedIn(app);
  composer = new Composer(admin);
  for (const word of ['cherry', 'Apple', 'banana', 'date', 'élan']) {
    await composer.policy({ dummy: {} }, `fruit ${word}`);
    await composer.stage({ deny: {} }, `fruit ${word}`);
  }
  await composer.policy({ expression: { expression: 'true' } }, 'fruit of thought');
  await composer.stage({ userLogout: {} }, 'fruit of leaving');
  for (const [index, designation] of ['RECOVERY', 'RECOVERY', 'ENROLLMENT'].entries()) {
    const order = `${'cab'.charAt(index)}-fruit`;
    await composer.flow({ slug: order, name: `${'123'.charAt(index)} name`, designation });
  }
});
afterAll(() => app.close());

interface Page {
  readonly names: string[];
  readonly cursors: string[];
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
  readonly totalCount: number;
}

async function page(list: string, passed: string): Promise<Page> {
  const shown = list === 'flows' ? 'slug' : 'name';
  const data = await admin.ok(`{ list: ${list}(${passed}) {
    edges { cursor node { name: ${shown} } } pageInfo { hasNextPage endCursor } totalCount
  } }`);
  const edges: { cursor: string; node: { name: string } }[] = data.list.edges;
  return {
    names: edges.map((edge) => edge.node.name),
    cursors: edges.map((edge) => edge.cursor),
    ...data.list.pageInfo,
    totalCount: data.list.totalCount,
  };
}

async function allPages(list: string, size: number, passed: string): Promise<string[]> {
  const names: string[] = [];
  let next = '';
  for (;;) {
    const { names: more, hasNextPage, endCursor } = await page(list, `first: ${size} ${next} ${passed}`);
    names.push(...more);
    if (!hasNextPage) return names;
    next = `after: "${endCursor}"`;
  }
}

describe.each(['stages', 'policies', 'promptFields', 'flows'])('the list of %s', (list) => {
  it('comes in pages that together are the whole, whatever their size', async () => {
    const whole = await page(list, 'first: 200');
    expect(whole.hasNextPage).toBe(false);
    expect(whole.names).toHaveLength(whole.totalCount);
    expect(new Set(whole.names).size).toBe(whole.totalCount);
    for (const size of [1, 2, whole.totalCount, whole.totalCount + 1]) {
      if (size > 0) expect(await allPages(list, size, '')).toEqual(whole.names);
    }
  });

  it('comes backwards', async () => {
    const descending = list === 'flows' ? 'orderBy: SLUG_DESC' : 'orderBy: NAME_DESC';
    const whole = await page(list, 'first: 200');
    expect(await allPages(list, 2, descending)).toEqual(whole.names.toReversed());
  });

  it('has cursors of its own for every entry, and ends after the last one', async () => {
    const { cursors, endCursor, totalCount } = await page(list, 'first: 200');
    expect(new Set(cursors).size).toBe(totalCount);
    expect(endCursor).toBe(cursors.at(-1));
    const after = await page(list, `first: 5 after: "${endCursor}"`);
    expect(after).toEqual({ names: [], cursors: [], hasNextPage: false, endCursor: null, totalCount });
  });

  it.each(['first: 0', 'first: -1', 'first: 201', 'first: -2147483648', 'first: 2147483647'])(
    'refuses a page of the size %s',
    async (size) => {
      const { errors } = await admin.send(`{ ${list}(${size}) { totalCount } }`);
      expect(errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'first', code: 'OUT_OF_RANGE' }] } },
      ]);
    },
  );

  it.each(['', 'x', '!!!', '__proto__', 'MjpvdGhlcg', '\\u0000'])(
    'refuses the cursor "%s"',
    async (cursor) => {
      const { errors } = await admin.send(`{ ${list}(after: "${cursor}") { totalCount } }`);
      expect(errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', fields: [{ path: 'after', code: 'INVALID' }] } },
      ]);
    },
  );
});

describe('a cursor', () => {
  it('stays good when others come and go, and when its own entry goes', async () => {
    const passed = 'filter: { search: "fruit" }';
    const first = await page('policies', `first: 2 ${passed}`);
    expect(first.names).toEqual(['fruit Apple', 'fruit banana']);
    const early = await composer.policy({ dummy: {} }, 'fruit Aaa');
    const late = await composer.policy({ dummy: {} }, 'fruit bananas');
    const { policy } = await admin.ok('{ policy(name: "fruit banana") { id } }');
    const remove = 'mutation($id: ID!) { deletePolicy(id: $id) }';
    await admin.ok(remove, { id: policy.id });
    const second = await page('policies', `first: 2 ${passed} after: "${first.endCursor}"`);
    expect(second.names).toEqual(['fruit bananas', 'fruit cherry']);
    for (const id of [early, late]) await admin.ok(remove, { id });
    await composer.policy({ dummy: {} }, 'fruit banana');
  });

  it('says where a page begins, and whether anything comes before', async () => {
    const info = async (passed: string) =>
      (
        await admin.ok(
          `{ stages(${passed}) { edges { cursor } pageInfo { hasPreviousPage startCursor endCursor } } }`,
        )
      ).stages;
    const { edges, pageInfo } = await info('first: 2');
    expect(pageInfo).toEqual({
      hasPreviousPage: false,
      startCursor: edges[0].cursor,
      endCursor: edges[1].cursor,
    });
    const second = await info(`first: 1 after: "${pageInfo.endCursor}"`);
    const { cursor } = second.edges[0];
    expect(second.pageInfo).toEqual({ hasPreviousPage: true, startCursor: cursor, endCursor: cursor });
  });

  it('says that more follows only where more follows', async () => {
    const passed = 'filter: { search: "fruit" }';
    const { totalCount } = await page('stages', `first: 1 ${passed}`);
    expect((await page('stages', `first: ${totalCount - 1} ${passed}`)).hasNextPage).toBe(true);
    expect((await page('stages', `first: ${totalCount} ${passed}`)).hasNextPage).toBe(false);
  });
});

describe('a filter', () => {
  it('finds stages by kind and by part of the name, whatever the case', async () => {
    const { names } = await page('stages', 'filter: { kind: DENY, search: "FRUIT" }');
    expect(names).toHaveLength(5);
    const both = await page('stages', 'filter: { kind: USER_LOGOUT, search: "fruit" }');
    expect(both).toMatchObject({ names: ['fruit of leaving'], totalCount: 1 });
    expect((await page('stages', 'filter: { search: "ÉLAN" }')).names).toEqual(['fruit élan']);
  });

  it('finds policies by kind and by part of the name', async () => {
    const { names } = await page('policies', 'filter: { kind: EXPRESSION, search: "fruit" }');
    expect(names).toEqual(['fruit of thought']);
  });

  it('finds fields of forms by type and by part of name, key or label', async () => {
    const label = 'Fruit of the DAY';
    await admin.ok('mutation($input: CreatePromptFieldInput!) { createPromptField(input: $input) { id } }', {
      input: { name: 'daily', key: 'day_key', label, type: 'STATIC' },
    });
    for (const filter of [
      'type: STATIC, search: "dail"',
      'search: "of the day"',
      'search: "DAY_KEY", type: null',
      'search: "dail"',
    ])
      expect((await page('promptFields', `filter: { ${filter} }`)).names).toEqual(['daily']);
    expect((await page('promptFields', 'filter: { search: "daily", type: EMAIL }')).names).toEqual([]);
  });

  it('finds flows by designation and by part of slug or name', async () => {
    expect((await page('flows', 'filter: { designation: RECOVERY }')).names).toEqual([
      'a-fruit',
      'c-fruit',
      'default-recovery-flow',
    ]);
    expect((await page('flows', 'filter: { search: "3 NAME" }')).names).toEqual(['b-fruit']);
    expect((await page('flows', 'filter: { designation: UNENROLLMENT }')).names).toEqual([]);
  });

  it('takes what looks like a pattern as text', async () => {
    for (const search of ['%', '_ruit', '.*', "'", '\\\\']) {
      expect((await page('policies', `filter: { search: "${search}" }`)).names).toEqual([]);
    }
  });

  it('that is empty or null finds everything', async () => {
    const { totalCount } = await page('flows', 'first: 1');
    for (const filter of ['{}', 'null', '{ search: null }', '{ designation: null }', '{ search: "" }']) {
      expect((await page('flows', `first: 1 filter: ${filter}`)).totalCount).toBe(totalCount);
    }
  });

  it('orders flows by name as well as by slug', async () => {
    const filter = 'filter: { search: "fruit" }';
    expect((await page('flows', `${filter} orderBy: SLUG_DESC`)).names[0]).toBe('c-fruit');
    expect((await page('flows', `${filter} orderBy: NAME_ASC`)).names).toEqual([
      'c-fruit',
      'a-fruit',
      'b-fruit',
    ]);
    expect((await page('flows', `${filter} orderBy: NAME_DESC`)).names[0]).toBe('b-fruit');
  });
});
