/** Which database the running project of jest.config.mjs asks an end-to-end test to use. */
declare const STAGEDOOR_TEST_DATABASE: 'pglite' | 'postgres';
