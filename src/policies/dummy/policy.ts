import { z } from 'zod';

import { verdict } from '../../flow/policy-kind.js';
import { definePolicy } from '../define.js';

export const dummyPolicy = definePolicy({
  name: 'dummy',
  description: 'Gives the configured result; for trying out flows.',
  developmentOnly: true,
  config: z.strictObject({
    result: z.boolean().default(false).describe('Whether it passes. Default: false.'),
    message: z.string().max(500).default('').describe('What it says to the person; empty for nothing.'),
    throwError: z.boolean().default(false).describe('Fail with an error instead. Default: false.'),
  }),
  services: [],
  async evaluate({ config, policy }) {
    if (config.throwError) throw new Error(`the dummy policy ${policy.name} was told to fail`);
    return verdict(config.result, config.message === '' ? [] : [config.message]);
  },
});
