/** Why the status of an instance is not known, where nobody was there to be asked. Apart, because browsers need it as well. */
export const NO_WORKER_ANSWERS = 'no worker answers';
