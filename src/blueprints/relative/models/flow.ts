import type { Given } from '../entry.js';
import { leftOut, meaningless, renamed, same } from '../rules.js';
import type { Writing } from '../rules.js';
import type { Model } from './model.js';

const layouts = {
  stacked: 'STACKED',
  content_left: 'CONTENT_LEFT',
  content_right: 'CONTENT_RIGHT',
  sidebar_left: 'SIDEBAR_LEFT',
  sidebar_right: 'SIDEBAR_RIGHT',
  sidebar_left_frame_background: 'SIDEBAR_LEFT',
  sidebar_right_frame_background: 'SIDEBAR_RIGHT',
};

export const flow: Model = {
  type: 'flow',
  key: 'slug',
  rules: {
    name: same('name'),
    title: (given, writing) => {
      if (typeof given.value === 'string' && given.value.includes('%(app)s')) {
        writing.problems.warning(
          given.path,
          'There are no applications here: %(app)s stands there as it is.',
        );
      }
      same('title')(given, writing);
    },
    designation: renamed('designation', {
      authentication: 'AUTHENTICATION',
      authorization: 'AUTHORIZATION',
      invalidation: 'INVALIDATION',
      enrollment: 'ENROLLMENT',
      unenrollment: 'UNENROLLMENT',
      recovery: 'RECOVERY',
      stage_configuration: 'STAGE_CONFIGURATION',
    }),
    // Whoever comes from an outpost cannot be told from others here: to let anybody in would be less than was asked for.
    authentication: renamed('authentication', {
      none: 'NONE',
      require_authenticated: 'REQUIRE_AUTHENTICATED',
      require_unauthenticated: 'REQUIRE_UNAUTHENTICATED',
      require_superuser: 'REQUIRE_SUPERUSER',
      require_redirect: 'REQUIRE_REDIRECT',
      require_token: 'REQUIRE_TOKEN',
    }),
    denied_action: renamed('deniedAction', {
      message_continue: 'MESSAGE_CONTINUE',
      message: 'MESSAGE',
      continue: 'CONTINUE',
    }),
    policy_engine_mode: renamed('policyEngineMode', { any: 'ANY', all: 'ALL' }),
    layout: renamed('layout', layouts),
    background,
    compatibility_mode: leftOut('How it is shown is for the client to decide.', false),
    ...{ policybindingmodel_ptr_id: meaningless, stages: meaningless, policies: meaningless },
  },
};

function background({ value, path }: Given, { problems, set }: Writing): void {
  if (value === '' || value === null) set('backgroundUrl', null, path);
  else if (typeof value === 'string' && /^(https?:\/\/|\/(?!\/))/.test(value))
    set('backgroundUrl', value, path);
  else problems.warning(path, 'A picture is known by its address; files are not kept here.');
}
