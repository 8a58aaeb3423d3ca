/** Business time, in UTC (RULES 20). Tests move it. */
export interface Clock {
  now(): Date;
}
