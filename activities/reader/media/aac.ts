/** Parameters of an AAC stream. */
export interface AacParameters {
  readonly objectType: number;
  readonly rateIndex: number;
  readonly channels: number;
}

/** Bytes of an ADTS header that hold the parameters. */
export const ADTS_PREFIX_BYTES = 4;

const SAMPLE_RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];

/** Reads an ADTS header; null when there is none at the beginning. */
export function parseAdts(bytes: Uint8Array): AacParameters | null {
  const [first, second, third, fourth] = bytes;
  if (first !== 0xff || second === undefined || third === undefined || fourth === undefined) return null;
  if ((second & 0xf6) !== 0xf0) return null;
  const rateIndex = (third >> 2) & 15;
  if (rateIndex >= SAMPLE_RATES.length) return null;
  return { objectType: (third >> 6) + 1, rateIndex, channels: ((third & 1) << 2) | (fourth >> 6) };
}

/** Reads the fixed beginning of an AudioSpecificConfig; null when it is too short. */
export function parseAudioSpecificConfig(bytes: Uint8Array): AacParameters | null {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return null;
  return {
    objectType: first >> 3,
    rateIndex: ((first & 7) << 1) | (second >> 7),
    channels: (second >> 3) & 15,
  };
}

/** For people: `aac 44100 Hz 2 channels`. */
export function describeAac(parameters: AacParameters): string {
  const rate = SAMPLE_RATES[parameters.rateIndex];
  return `aac type ${parameters.objectType} ${rate === undefined ? 'other rate' : `${rate} Hz`} ${parameters.channels} channels`;
}

export function sameAac(left: AacParameters, right: AacParameters): boolean {
  return (
    left.objectType === right.objectType &&
    left.rateIndex === right.rateIndex &&
    left.channels === right.channels
  );
}
