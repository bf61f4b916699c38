/** The first administrator of a test's installation. */
export const ADMIN = { username: 'ada', email: 'ada@example.org', password: 'correct horse battery staple' };

/** The variables that make it at a first start. */
export const ADMIN_VARIABLES = {
  STAGEDOOR_ADMIN_USERNAME: ADMIN.username,
  STAGEDOOR_ADMIN_EMAIL: ADMIN.email,
  STAGEDOOR_ADMIN_PASSWORD: ADMIN.password,
};
