import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { planSchema } from './plan-schema.ts';
import type { Plan } from './types.ts';

/** Checks plans against their schema; made when this module is loaded, which takes a while. */
export const validatePlan: ValidateFunction<Plan> = new Ajv2020({ strict: true }).compile<Plan>(
  planSchema,
);
