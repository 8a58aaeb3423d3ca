/** `/balance test` and `/invoices test` are about play money. */
export const modeOf = (argument: string): 'LIVE' | 'TEST' =>
  argument.trim().toLowerCase() === 'test' ? 'TEST' : 'LIVE';
