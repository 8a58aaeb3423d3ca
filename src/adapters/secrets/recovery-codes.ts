import { randomBytes } from 'node:crypto';
import { RECOVERY_CODE_CHARACTERS, recoveryCodeOf } from '../../domain/account/second-factor.ts';

/** 120 random bits. */
export const randomRecoveryCode = (): string => recoveryCodeOf(randomBytes(RECOVERY_CODE_CHARACTERS));
