import { checkServices } from '../authenticator-check.js';
import type { TypedRun } from '../define.js';
import type { ValidateConfig } from './config.js';

export const validateServices = checkServices;

export type ValidateRun = TypedRun<ValidateConfig, (typeof validateServices)[number]>;
