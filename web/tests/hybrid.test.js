// Hybrid files in Chromium: the base decoded by WebCodecs, what furl adds by WebAssembly, the same
// pictures as natively; and the base alone where that can't be.
//   FURL_NATIVE   the tool (default build/dev/furl)

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { codecString } from '../player/base.js';
import { pictureBytes } from '../player/decoder.js';
import { findChromium, hasFfmpeg, until } from './browser.js';
import { frameHash } from './crc32c.js';
import { root } from './node.js';
import { startPlayers } from './player_page.js';

const tool = process.env.FURL_NATIVE ?? join(root, 'build', 'dev', 'furl');
const [WIDTH, HEIGHT, FRAMES] = [160, 128, 40];
const KINDS = {
  'full.mkv': ['--base', 'x264', '--crf', '40', '--enhance', 'full'],
  'odd.mkv': ['--base', 'x264', '--base-scale', '2/3', '--crf', '36', '--enhance', 'full'],
  'filter.mkv': ['--base', 'x264', '--crf', '40', '--enhance', 'filter'],
  'av1.mkv': ['--base', 'av1', '--crf', '40'],
};

const run = (program, ...args) => execFileSync(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });

/** The hashes of what the native decoder shows. */
function nativeHashes(file) {
  run(tool, 'decode', file, '-o', `${file}.yuv`, '-y', '-q');
  const bytes = readFileSync(`${file}.yuv`);
  const size = pictureBytes(WIDTH, HEIGHT, 1);
  return Array.from({ length: bytes.length / size }, (_, i) => frameHash(
    { width: WIDTH, height: HEIGHT, bytesPerSample: 1,
      samples: bytes.subarray(i * size, (i + 1) * size) }));
}

// What the player's worker gives from `time` on, in the page.
const workerHashes = (name, time = 0) => `(async () => {
  const { frameHash } = await import('/web/tests/crc32c.js');
  const worker = new Worker('/player/worker.js', { type: 'module' });
  const what = new URL('/clips/${name}', location.href).href;
  const models = [new URL('/models/', location.href).href];
  try {
    return await new Promise((resolve, reject) => {
      const hashes = [];
      worker.onmessage = ({ data }) => {
        if (data.failed) reject(new Error(JSON.stringify(data.failed)));
        if (data.ready) worker.postMessage({ play: { serial: 1, time: ${time}, credit: 1000 } });
        if (data.picture) hashes.push(frameHash(data.picture));
        if (data.ended) resolve(hashes);
      };
      worker.postMessage({ open: { what, models, threads: 1, types: [] } });
    });
  } finally {
    worker.terminate();
  }
})()`;

const missing = !findChromium() ? 'there is no chromium' : !hasFfmpeg() ? 'there is no ffmpeg'
  : !existsSync(tool) && `there is no ${tool}`;

describe('hybrid files in Chromium', { skip: missing }, () => {
  let players;
  before(async () => {
    players = await startPlayers();
    const input = join(players.clips, 'in.mkv');
    run('ffmpeg', '-v', 'error', '-f', 'lavfi', '-i', `testsrc2=s=${WIDTH}x${HEIGHT}:r=25:d=1.6`,
        '-f', 'lavfi', '-i', 'sine=440:d=1.6', '-c:v', 'ffv1', '-c:a', 'libopus', input);
    for (const [name, options] of Object.entries(KINDS)) {
      run(tool, 'encode', input, '-o', join(players.clips, name), '--preset', 'fast', '--gop',
          '0.64', '-q', ...options);
    }
  });
  after(() => players.close());

  for (const name of Object.keys(KINDS)) {
    test(`${name}: the pictures of the native decoder`, async () => {
      const wanted = nativeHashes(join(players.clips, name));
      assert.equal(wanted.length, FRAMES);
      const page = await players.openPlayer();
      assert.deepEqual(await page.evaluate(workerHashes(name)), wanted);
      // From the third GOP, which is searched for.
      assert.deepEqual(await page.evaluate(workerHashes(name, 1.42)), wanted.slice(35));
    });
  }

  test('the player shows both, with sound', async () => {
    const page = await players.openPlayer();
    await page.evaluate("until('seeked', () => { player.src = '/clips/full.mkv'; })");
    assert.equal(await page.evaluate('player.videoWidth'), WIDTH);
    assert.equal(await page.evaluate('player.hasSound'), true);
    await page.evaluate("until('ended', () => player.play())");
    assert.deepEqual(await page.evaluate('[player.error, player.qualities.length]'), [null, 1]);
    assert.deepEqual(page.errors, []);
  });

  for (const [why, spoil] of [
    ['WebCodecs', true], ['the model', false]]) {
    test(`the base alone plays without ${why}`, async () => {
      const page = await players.openPlayer(why === 'the model' ? { models: '/none/' } : {});
      if (spoil) {
        await page.evaluate(`window.Worker = class extends Worker {
          constructor(url, options) {
            const code = 'delete self.VideoDecoder; const early = []; '
              + 'self.onmessage = (event) => early.push(event); await import("' + url + '"); '
              + 'early.forEach((event) => self.onmessage(event));';
            super(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })), options);
          }
        }`);
      }
      await page.evaluate("player.src = '/clips/full.mkv'");
      await until(page, 'player.qualities.length === 2 && player.videoWidth === 80');
      await page.evaluate("until('ended', () => player.play())");
      assert.equal(await page.evaluate('player.error'), null);
      assert.ok(await page.evaluate('player.currentTime') > 1.5);
    });
  }
});

test('what browsers call the codecs', () => {
  const of = (codec, ...bytes) => codecString({ codec, codecPrivate: Uint8Array.from(bytes) });
  assert.equal(of('V_MPEG4/ISO/AVC', 1, 0x64, 0, 0x1f), 'avc1.64001f');
  assert.equal(of('V_AV1', 0x81, 0x05, 0x0c, 0), 'av01.0.05M.08');
  assert.equal(of('V_AV1', 0x81, 0x28, 0xcc, 0), 'av01.1.08H.10');
  assert.equal(of('V_MPEGH/ISO/HEVC', 1, 1, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 93),
               'hvc1.1.6.L93.90');
  assert.equal(of('V_MPEGH/ISO/HEVC', 1, 0x22, 0x20, 0, 0, 0, 0xb0, 0, 0, 0, 0, 0, 120),
               'hvc1.2.4.H120.b0');
});
