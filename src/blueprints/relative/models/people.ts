import { duration, flag, leftOut, reference, refused, renamed, same } from '../rules.js';
import { secondsOf } from '../seconds.js';
import { stage } from './model.js';

const NOT_BOUND = 'Sessions are not bound to a network or a place.';

const sessionDuration = duration('sessionDuration');

export const userLogin = stage('user-login', {
  session_duration: (given, writing) => {
    // Until the browser is closed: so it is here, unless somebody asks to stay signed in, and no longer than a day.
    if (secondsOf(given.value) !== 0) return sessionDuration(given, writing);
    writing.problems.warning(
      given.path,
      'A session ends with the browser, and after as long as the stage has it by default.',
    );
  },
  remember_me_offset: duration('rememberMeOffset'),
  remember_device: leftOut('No device is remembered by a cookie of its own.', 'seconds=0'),
  terminate_other_sessions: flag('terminateOtherSessions'),
  network_binding: refused(NOT_BOUND, 'no_binding'),
  geoip_binding: refused(NOT_BOUND, 'no_binding'),
});

export const userLogout = stage('user-logout', {});
export const userDelete = stage('user-delete', {});

const creations = { never_create: 'NEVER', create_when_required: 'WHEN_REQUIRED', always_create: 'ALWAYS' };

export const userWrite = stage(
  'user-write',
  {
    user_creation_mode: renamed('creation', creations),
    create_users_as_inactive: flag('createUsersAsInactive'),
    create_users_group: reference('groupId', 'group'),
    user_type: renamed('userKind', { internal: 'INTERNAL', external: 'EXTERNAL' }),
    user_path_template: ({ value, path }, writing) => {
      same('path')({ value: value === '' ? 'users' : value, path }, writing);
    },
  },
  ({ entry: { fields, path }, set }) => {
    // Who says nothing has made people from outside there. Here they would be ours, and be let in as such.
    const creates = fields.get('user_creation_mode')?.value !== 'never_create';
    if (creates && !fields.has('user_type')) set('userKind', 'EXTERNAL', path);
  },
);
