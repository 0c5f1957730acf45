import { describe, expect, it } from '@jest/globals';
import { nearest } from '../../../core/config/nearest.js';

const KEYS = ['quick_retries', 'connection_wait', 'max_retries', 'retry_delay', 'id'];

describe('the nearest known key', () => {
  it.each([
    ['quick_retry', 'quick_retries'],
    ['quickRetries', 'quick_retries'],
    ['max-retries', 'max_retries'],
    ['conection_wait', 'connection_wait'],
    ['retries', 'max_retries'],
  ])('of %s is %s', (word, expected) => {
    expect(nearest(word, KEYS)).toBe(expected);
  });

  it('is none for a word that resembles nothing', () => {
    expect(nearest('temperature', KEYS)).toBeUndefined();
    expect(nearest('x', [])).toBeUndefined();
    expect(nearest('y'.repeat(1_000_000), KEYS)).toBeUndefined();
  });
});
