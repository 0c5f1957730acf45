export { connectClient, connectLazily, type ConnectedClient } from './connect.js';
export {
  ConnectionConfigError,
  DEFAULT_ADDRESS,
  namesExternalServer,
  resolveConnectionOptions,
  type ConnectionRequest,
} from './resolve.js';
export {
  CONNECT_TIMEOUT_MS,
  TemporalUnreachableError,
  type ConnectionOptions,
} from '../../core/connection-options.js';
