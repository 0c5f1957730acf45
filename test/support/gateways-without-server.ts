import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { HoldfastError } from '../../client/index.js';
import { startTinyGateway, type TinyGateway, type TinyGatewayOptions } from './tiny-gateway.js';

/** A server that is away, at once: what is asked of it fails, and what is refused before does not get so far. */
const serverAway: TinyGatewayOptions['change'] = ({ holdfast }) => {
  const away = () => Promise.reject(new HoldfastError('unreachable', 'the Temporal server does not answer'));
  return { holdfast: { ...holdfast, list: away, stop: away } };
};

/** Starts gateways with nobody behind them; each is closed after the test that started it. Call it once, at the top of a file. */
export function gatewaysWithoutServer(): (
  options?: Omit<TinyGatewayOptions, 'client'>,
) => Promise<TinyGateway> {
  let connection: Connection;
  const open: TinyGateway[] = [];
  beforeAll(() => {
    connection = Connection.lazy({ address: '127.0.0.1:1' });
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((gateway) => gateway.close()));
  });
  afterAll(() => connection.close());
  return async (options = {}) => {
    const gateway = await startTinyGateway({
      client: new Client({ connection }),
      change: serverAway,
      ...options,
    });
    open.push(gateway);
    return gateway;
  };
}
