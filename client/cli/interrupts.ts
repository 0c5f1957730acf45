const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs something that ends when a person interrupts it (Ctrl-C, SIGTERM): the signal handed to it is aborted then.
 * A second interrupt calls `atOnce`, by default ending the process.
 */
export async function untilInterrupted<Result>(
  run: (signal: AbortSignal) => Promise<Result>,
  atOnce: () => void = () => process.exit(1),
): Promise<Result> {
  const controller = new AbortController();
  const onInterrupt = (): void => {
    if (controller.signal.aborted) atOnce();
    else controller.abort();
  };
  for (const name of INTERRUPTS) process.on(name, onInterrupt);
  try {
    return await run(controller.signal);
  } finally {
    for (const name of INTERRUPTS) process.off(name, onInterrupt);
  }
}
