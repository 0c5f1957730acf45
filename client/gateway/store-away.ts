/** Codes of the network, of PostgreSQL and of SQLite that say that the store itself cannot be asked now. */
const AWAY = [
  /^(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENOTFOUND|EAI_AGAIN)$/,
  // PostgreSQL: connection exceptions, operator intervention, too many connections, no such database, wrong password.
  /^(?:08...|57P0.|53300|3D000|28P01|28000)$/,
  // The tables are not there yet: the workers or `holdfast setup` make them.
  /^42P01$/,
  /^SQLITE_(?:BUSY|LOCKED|CANTOPEN|IOERR|FULL|READONLY|NOTADB|CORRUPT)/,
];

const AWAY_MESSAGES =
  /timeout exceeded when trying to connect|Connection terminated|Query read timeout|statement timeout|no such table|database is locked|driver has already been destroyed/i;

/** True when an error says that the store cannot be asked now, not that it was asked something wrong. */
export function isStoreAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.some(isStoreAway)) return true;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (AWAY.some((pattern) => pattern.test(code)) || AWAY_MESSAGES.test(error.message)) return true;
  return isStoreAway(error.cause);
}
