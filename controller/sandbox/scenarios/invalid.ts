import { terminal } from '../../errors.ts';
import type { OperatorError } from '../../errors.ts';

export const invalidScenario = (message: string, where?: string): OperatorError =>
  terminal({ reason: 'InvalidScenario', message, ...(where !== undefined && { where }) });
