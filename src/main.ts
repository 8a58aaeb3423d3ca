import { loadConfig, ConfigError } from './config/config.ts';
import { startGateway } from './server/gateway.ts';

try {
  const gateway = await startGateway(loadConfig(process.env));
  const stop = (): void => void gateway.stop().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
