/** Changes of the input signal as people hear of them: plain data and pure steps. */

/** A signal that has not changed for this long has settled; what follows is a new episode. */
export const SIGNAL_SETTLED_AFTER_MS = 10_000;

/** A loss and everything that follows until the signal has settled. */
export interface SignalEpisode {
  /** What people were told last. */
  readonly told: 'present' | 'lost';
  readonly toldLost: boolean;
  readonly toldBack: boolean;
  readonly changedAtMs: number;
}

export interface EpisodeStep {
  readonly episode: SignalEpisode;
  /** What to tell people now. */
  readonly tell: 'lost' | 'back' | null;
}

/** Nothing has been lost yet. */
export const NO_EPISODE: SignalEpisode = {
  told: 'present',
  toldLost: false,
  toldBack: false,
  changedAtMs: 0,
};

/** The signal has changed. A flapping one is told of once each way; the rest waits until it has settled. */
export function signalChanged(before: SignalEpisode, signal: 'present' | 'lost', nowMs: number): EpisodeStep {
  const settled = nowMs - before.changedAtMs >= SIGNAL_SETTLED_AFTER_MS;
  const episode = settled ? { ...before, toldLost: false, toldBack: false } : before;
  const changed = { ...episode, changedAtMs: nowMs };
  if (signal === episode.told) return { episode: changed, tell: null };
  const isNews = signal === 'lost' ? !episode.toldLost : !episode.toldBack;
  return isNews ? told(changed, signal) : { episode: changed, tell: null };
}

/** The signal has not changed for {@link SIGNAL_SETTLED_AFTER_MS}: people must know how it is now. */
export function signalSettled(episode: SignalEpisode, signal: 'present' | 'lost'): EpisodeStep {
  return episode.told === signal ? { episode, tell: null } : told(episode, signal);
}

function told(episode: SignalEpisode, signal: 'present' | 'lost'): EpisodeStep {
  return signal === 'lost'
    ? { episode: { ...episode, told: signal, toldLost: true }, tell: 'lost' }
    : { episode: { ...episode, told: signal, toldBack: true }, tell: 'back' };
}
