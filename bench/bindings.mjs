// What a flow's length costs: to plan it, and to answer one of its stages.
import { summary } from './load.mjs';
import { expectStep, startFlow, submit } from './people.mjs';

/** How many stages a flow binds, each guarded by one policy that is asked on plan and on run. */
const LENGTHS = [1, 10, 100, 1000];
export const ROUNDS = 100;
/** The first ones also open connections, read the definitions and are not yet compiled. */
const WARM_UPS = 100;

const slugOf = (length) => `bench-${length}`;

/**
 * Composes the flows. A server that runs has them from its next request on.
 *
 * @param {(statement: string) => Promise<unknown>} execute
 */
export async function composeFlows(execute) {
  await execute(`insert into stage (id, name, kind, config)
    values (gen_random_uuid(), 'bench', 'dummy', '{"throwError": false}')`);
  await execute(`insert into policy (id, name, kind, config, execution_logging)
    select gen_random_uuid(), 'bench-' || n, 'dummy', '{"result": true, "message": "", "throwError": false}', false
    from generate_series(1, ${Math.max(...LENGTHS)}) n`);
  for (const length of LENGTHS) {
    await execute(`insert into flow (id, slug, name, title, designation, authentication, denied_action,
      policy_engine_mode, layout)
      values (gen_random_uuid(), '${slugOf(length)}', 'bench', 'bench', 'STAGE_CONFIGURATION', 'NONE', 'MESSAGE',
        'ANY', 'STACKED')`);
    await execute(`insert into flow_stage_binding (id, flow_id, stage_id, "order", evaluate_on_plan,
      re_evaluate_policies, invalid_response_action, policy_engine_mode)
      select gen_random_uuid(), flow.id, stage.id, n, true, true, 'RETRY', 'ANY'
      from flow, stage, generate_series(1, ${length}) n
      where slug = '${slugOf(length)}' and stage.name = 'bench'`);
  }
  await execute(`insert into policy_binding (id, stage_binding_id, policy_id, "order", enabled, negate,
    timeout_seconds, failure_result)
    select gen_random_uuid(), place.id, policy.id, 0, true, false, 30, false
    from flow_stage_binding place join flow on flow.id = flow_id
    join policy on policy.name = 'bench-' || place."order" where slug like 'bench-%'`);
  await execute('update catalogue_version set version = version + 1');
  await execute('analyze');
}

/**
 * Latencies by length. The lengths and the floor take turns, so that whatever else happens hits all alike.
 *
 * @param {string} address
 * @param {(index: number) => Promise<void>} floor
 */
export async function measureLengths(address, floor) {
  const starts = new Map(LENGTHS.map((length) => [length, []]));
  const submits = new Map(LENGTHS.map((length) => [length, []]));
  const floors = [];
  const timed = async (latencies, round, work) => {
    const begunAt = performance.now();
    const result = await work();
    if (round >= 0) latencies.push(performance.now() - begunAt);
    return result;
  };
  for (let round = -WARM_UPS; round < ROUNDS; round += 1) {
    for (const length of LENGTHS) {
      const flow = { slug: slugOf(length) };
      const execution = await timed(starts.get(length), round, () => startFlow(address, 0, flow));
      const answer = { dummy: { acknowledge: true } };
      const next = await timed(submits.get(length), round, () => submit(address, 0, execution, answer));
      expectStep(length === 1 ? 'FlowCompleted' : 'DummyChallenge', next);
    }
    await timed(floors, round, () => floor(round + WARM_UPS));
  }
  return {
    lengths: LENGTHS.map((length) => ({
      length,
      start: summary(starts.get(length)).p50,
      submit: summary(submits.get(length)).p50,
    })),
    floor: summary(floors).p50,
  };
}
