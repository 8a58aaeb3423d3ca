import { parseArgs } from 'node:util';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pinThisProcess } from './harness/cores.ts';
import { startBenchServer } from './harness/bench-database.ts';
import type { BenchContext, Scenario, ScenarioResult } from './harness/scenario.ts';
import { printScenario, report } from './harness/report.ts';
import { invoiceById } from './scenarios/invoice-by-id.ts';
import { invoiceCreate } from './scenarios/invoice-create.ts';
import { invoicePage } from './scenarios/invoice-page.ts';
import { exportInvoices } from './scenarios/export-invoices.ts';
import { lists } from './scenarios/lists.ts';
import { eventFanOut } from './scenarios/event-fan-out.ts';
import { payouts } from './scenarios/payouts.ts';
import { webhooks } from './scenarios/webhooks.ts';
import { watchedBlock } from './scenarios/watched-block.ts';

const SCENARIOS: readonly Scenario[] = [
  invoiceById,
  invoiceCreate,
  eventFanOut,
  invoicePage,
  watchedBlock,
  exportInvoices,
  lists,
  payouts,
  webhooks,
];

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    out: { type: 'string' },
    'cpu-prof': { type: 'string' },
  },
});

const file =
  values.out ?? path.join(import.meta.dirname, 'results', `${values.short ? 'short' : 'full'}.json`);
const chosen = SCENARIOS.filter(({ name }) => values.only?.includes(name) ?? true);

pinThisProcess();
const postgres = await startBenchServer();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void postgres.stop().finally(() => process.exit(1)));
}
try {
  const context: BenchContext = {
    postgres,
    isShort: values.short,
    rounds: values.short ? 1 : 7,
    milliseconds: values.short ? 150 : 2_000,
    profileTo: values['cpu-prof'],
  };
  const results = new Map<string, ScenarioResult>();
  for (const scenario of chosen) {
    const result = await scenario.run(context);
    printScenario(scenario.name, result);
    results.set(scenario.name, result);
  }
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(report(context, results), null, 2)}\n`);
  console.log(`\nRatios written to ${path.relative(process.cwd(), file)}`);
} finally {
  await postgres.stop();
}
