// npm run test:long: the long form of the runs that are short in the suite (seeds, sequences, kills).
import { startVitest } from 'vitest/node';

process.env['LONG'] = '1';
const FOLDERS = [
  'test/fault',
  'test/chain',
  'test/scenario',
  'test/unit/invoice',
  'test/unit/static-wallet',
  'test/db',
];
await startVitest('test', FOLDERS, { watch: false });
