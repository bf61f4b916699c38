// What hostile expressions cost others: a login's latency alone, and beside expressions that want all time and memory.
import { summary } from './load.mjs';
import { expectStep, login, startFlow } from './people.mjs';

/** Each wants something else of the sandbox: to be stopped, to be ended from outside, or to be started anew. */
const HOSTILE = [
  'for (;;);',
  'for (;;) { try { for (;;); } catch {} }',
  'const all = []; for (;;) all.push("x".repeat(1e4) + all.length)',
  'const text = "x".repeat(4 << 20); for (;;) text.lastIndexOf("yz")',
  '/^(a+)+$/.test("a".repeat(40) + "b")',
  'let text = "x"; for (;;) text += text',
  'const again = () => { try { again() } catch { again() } }; again()',
  'for (;;) Promise.resolve().then(() => {})',
];
const ROUNDS = 2;
const LOGINS = 30;
/** The first ones also open connections and are not yet compiled. */
const WARM_UPS = 5;

const slugOf = (index) => `hostile-${index}`;

/**
 * Composes a flow for each hostile expression, which decides who may use it. A server that runs has them from its next
 * request on.
 *
 * @param {(statement: string) => Promise<unknown>} execute
 */
export async function composeFlows(execute) {
  for (const [index, expression] of HOSTILE.entries()) {
    const slug = slugOf(index);
    const config = JSON.stringify({ expression }).replaceAll("'", "''");
    await execute(`insert into policy (id, name, kind, config, execution_logging)
      values (gen_random_uuid(), '${slug}', 'expression', '${config}', false)`);
    await execute(`insert into flow (id, slug, name, title, designation, authentication, denied_action,
      policy_engine_mode, layout)
      values (gen_random_uuid(), '${slug}', 'bench', 'bench', 'STAGE_CONFIGURATION', 'NONE', 'MESSAGE', 'ANY', 'STACKED')`);
    await execute(`insert into policy_binding (id, flow_id, policy_id, "order", enabled, negate, timeout_seconds, failure_result)
      select gen_random_uuid(), flow.id, policy.id, 0, true, false, 30, false
      from flow join policy on policy.name = flow.slug where slug = '${slug}'`);
  }
  await execute('update catalogue_version set version = version + 1');
}

/**
 * Latencies of logins, one after the other: alone, and beside all hostile expressions at once, each asked for again as
 * soon as it has been given up. Both take turns, so that whatever else happens hits both alike.
 *
 * @param {string} address
 * @param {number} taken how many people have signed in before
 */
export async function measureHostile(address, taken) {
  let next = taken;
  let evaluations = 0;
  const timed = async (latencies) => {
    next += 1;
    const begunAt = performance.now();
    await login(address, next);
    latencies.push(performance.now() - begunAt);
  };
  const series = async (latencies, times) => {
    for (let index = 0; index < times; index += 1) await timed(latencies);
  };
  const alone = [];
  const beside = [];
  await series([], WARM_UPS);
  for (let round = 0; round < ROUNDS; round += 1) {
    await series(alone, LOGINS);
    let isOver = false;
    const attack = async (index) => {
      while (!isOver) {
        expectStep('FlowDenied', await startFlow(address, index, { slug: slugOf(index) }));
        evaluations += 1;
      }
    };
    const attacks = HOSTILE.map((_, index) => attack(index));
    await series([], WARM_UPS);
    await series(beside, LOGINS);
    isOver = true;
    await Promise.all(attacks);
  }
  return { hostile: HOSTILE.length, evaluations, alone: summary(alone), beside: summary(beside) };
}
