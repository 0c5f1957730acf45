/**
 * Goal: outputs are changed one by one, and whatever cannot be done is said before anything happens. Method: a real server
 * and a real worker with tiny captures that speak the same messages.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHoldfast, type Holdfast } from '../../../client/index.js';
import { startTinyInstances, type TinyInstances } from '../../support/tiny-instances.js';

let tiny: TinyInstances;
let holdfast: Holdfast;

beforeAll(async () => {
  tiny = await startTinyInstances();
  holdfast = createHoldfast({ client: tiny.client });
});
afterAll(() => tiny?.close());

describe('outputs of a capture', () => {
  it('are added to and removed from a capture, and only a capture', async () => {
    await holdfast.apply([{ kind: 'capture', name: 'hdmi', config: { id: 'hdmi' } }]);
    const added = await holdfast.addOutput('capture/hdmi', { name: 'tape', kind: 'record' });
    expect(added).toMatchObject({ id: 'capture/hdmi', name: 'tape', output: { name: 'tape' } });
    expect((await holdfast.show('capture/hdmi')).branches.map(({ name }) => name)).toEqual([
      'recording',
      'tape',
    ]);
    await expect(holdfast.removeOutput('capture/hdmi', 'none')).rejects.toThrow('there is no output none');
    await holdfast.resumeOutput('capture/hdmi', 'tape');
    expect((await holdfast.show('capture/hdmi')).status?.incidents[0]).toMatchObject({ branch: 'tape' });
    await holdfast.removeOutput('capture/hdmi', 'tape');
    expect((await holdfast.show('capture/hdmi')).branches).toHaveLength(1);
    await holdfast.apply([{ kind: 'stream', name: 'no-outputs', config: { id: 'no-outputs' } }]);
    await expect(holdfast.addOutput('no-outputs', { name: 'x' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it('are refused with every mistake at once before the capture is asked', async () => {
    const output = { name: 'a b', kind: 'push', url: 'http://example.org/', formt: 'flv' };
    const refusal = holdfast.addOutput('capture/no-such-capture', output);
    await expect(refusal).rejects.toMatchObject({ code: 'invalid_input' });
    for (const told of ['output.name: "a b" is not', 'output.url: "http', 'output.formt: unknown key']) {
      await expect(refusal).rejects.toThrow(told);
    }
  });

  it('of a capture that has ended cannot be changed, and what would help is said', async () => {
    await holdfast.apply([{ kind: 'capture', name: 'ended', config: { id: 'ended' } }]);
    await holdfast.stop('capture/ended', { wait: true });
    const added = holdfast.addOutput('capture/ended', { name: 'tape', kind: 'record' });
    await expect(added).rejects.toMatchObject({ code: 'not_running' });
    await expect(added).rejects.toThrow('`holdfast retry capture/ended` starts it again');
    await expect(holdfast.retry('capture/ended', 'tape')).rejects.toMatchObject({ code: 'not_running' });
  });

  it('are retried one by one, and a name that no branch has is refused', async () => {
    await holdfast.apply([{ kind: 'capture', name: 'single', config: { id: 'single' } }]);
    await holdfast.addOutput('capture/single', { name: 'tape', kind: 'record' });
    await holdfast.retry('capture/single', 'tape');
    expect((await holdfast.show('capture/single')).status?.incidents[0]).toMatchObject({ branch: 'tape' });
    await expect(holdfast.retry('capture/single', 'tap')).rejects.toThrow(
      'capture/single has no branch tap; it has recording, tape',
    );
  });
});
