import { z } from 'zod';

import { permissionNames } from '../identity/permissions.js';

/** What is granted, as an input has it. */
export const permissionList = z
  .array(z.enum(permissionNames).meta({ typeName: 'Permission' }))
  .max(permissionNames.length);
