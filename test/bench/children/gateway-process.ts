import { loadConfig } from '../../../src/config/config.ts';
import { startGateway } from '../../../src/server/gateway.ts';
import { answerParent } from './answer-parent.ts';

/** The product, composed as `npm start` does it, in the role that serves the API. */
const gateway = await startGateway(loadConfig(process.env));

answerParent({ url: () => gateway.url }, () => gateway.stop());
