// The player's parts that need no browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Captions, parseCues, plainText } from '../player/captions.js';
import { PictureQueue, StopWatch } from '../player/clock.js';
import { conversionOf, sitingOf, weightsOf } from '../player/color.js';
import { concat, element } from '../player/ebml.js';
import { Mp4Audio, mp4Type } from '../player/mp4_audio.js';
import { planesOf } from '../player/renderer.js';
import { WebmAudio, webmType } from '../player/webm_audio.js';
import { parseMatroska } from './make_matroska.js';

function rgbOf(info, y, u, v) {
  const top = 2 ** info.bitDepth - 1;
  const { matrix: m, offset: o } = conversionOf(info);
  const shown = (value) => Math.min(255, Math.max(0, Math.round(255 * value)));
  return [0, 3, 6].map((i) => shown((m[i] * y + m[i + 1] * u + m[i + 2] * v) / top + o[i / 3]));
}

const video = (matrix, fullRange, bitDepth = 8) => (
  { width: 640, height: 360, bitDepth, color: { matrix, fullRange } });

test('black, white and red, by matrix, range and depth', () => {
  assert.deepEqual(rgbOf(video(1, false), 16, 128, 128), [0, 0, 0]);
  assert.deepEqual(rgbOf(video(1, false), 235, 128, 128), [255, 255, 255]);
  assert.deepEqual(rgbOf(video(9, false, 10), 940, 512, 512), [255, 255, 255]);
  assert.deepEqual(rgbOf(video(6, true), 255, 128, 128), [255, 255, 255]);
  assert.deepEqual(rgbOf(video(6, false), 81, 90, 240), [254, 0, 0]);     // red of BT.601
  assert.deepEqual(rgbOf(video(1, false), 63, 102, 240), [255, 1, 0]);    // of BT.709
  assert.deepEqual(rgbOf(video(1, false, 10), 250, 409, 960), [255, 0, 0]);
});

test('a matrix that is not said is that of the size', () => {
  assert.deepEqual(weightsOf({ matrix: 2 }, 720, 576), weightsOf({ matrix: 6 }));
  assert.deepEqual(weightsOf({ matrix: 2 }, 1280, 720), weightsOf({ matrix: 1 }));
});

test('chroma lies on the left unless it is said', () => {
  assert.deepEqual(sitingOf({ chromaLocation: 255 }), sitingOf({ chromaLocation: 0 }));
  assert.deepEqual(sitingOf({ chromaLocation: 1 }), [0, 0]);
});

test('planes of odd sizes and of two bytes', () => {
  const samples = new Uint8Array(2 * (15 + 2 * 6));
  const planes = planesOf({ width: 5, height: 3, bytesPerSample: 2, samples });
  assert.deepEqual(planes.map((p) => [p.width, p.height, p.data.length]),
                   [[5, 3, 15], [3, 2, 6], [3, 2, 6]]);
});

test('a stop watch at any rate', () => {
  let now = 100;
  const watch = new StopWatch(() => now);
  now += 5;
  assert.equal(watch.time, 0);
  watch.start();
  now += 2;
  assert.equal(watch.time, 2);
  watch.rate = 0.5;
  now += 2;
  assert.equal(watch.time, 3);
  watch.stop();
  now += 9;
  assert.equal(watch.time, 3);
});

test('pictures in time, and what was passed', () => {
  const queue = new PictureQueue();
  for (const time of [0, 1, 2, 3]) queue.push({ time });
  assert.deepEqual(queue.take(2.5), { picture: { time: 2 }, taken: 3 });
  assert.deepEqual(queue.take(2.9), { picture: null, taken: 0 });
});

test('captions of WebVTT, SubRip and files', () => {
  const cues = parseCues('WEBVTT\r\n\r\n1\r\n00:01.500 --> 00:00:03.000 line:0\r\n<i>one</i>\r\ntwo'
                         + '\r\n\r\nNOTE x\r\n\r\n01:00:00,250 --> 01:00:01,000\r\nlate');
  assert.deepEqual(cues, [{ time: 1.5, end: 3, text: 'one\ntwo' },
                          { time: 3600.25, end: 3601, text: 'late' }]);
  assert.equal(plainText('{\\an8}a &lt;b&gt; &amp;amp;'), 'a <b> &amp;');
  const captions = new Captions();
  const track = captions.addTrack('en');
  captions.add(track, { time: 1, duration: 2, text: 'hello' });
  captions.add(track, { time: 1, duration: 2, text: 'hello' });  // again, behind a seek
  assert.equal(captions.textAt(2), '');
  captions.chosen = track;
  assert.equal(captions.textAt(2), 'hello');
  assert.equal(captions.textAt(3), '');
});

test('sound as WebM keeps packets and times', () => {
  const track = { codec: 'A_OPUS', codecPrivate: new Uint8Array(19), sampleRate: 48000,
                  channels: 2, codecDelay: 0.0065, seekPreRoll: 80000000 };
  assert.equal(webmType(track), 'audio/webm; codecs="opus"');
  const webm = new WebmAudio(track);
  const packets = [0, 0.02, 0.04].map((time, i) => ({ time, data: Uint8Array.from([i, 7]) }));
  const bytes = concat(...webm.init(), ...webm.fragment(packets));
  const { parser, packets: back } = parseMatroska(bytes);
  assert.equal(parser.tracks[0].codec, 'A_OPUS');
  assert.deepEqual(back.map((p) => [...p.data]), [[0, 7], [1, 7], [2, 7]]);
  back.forEach((p, i) => assert.ok(Math.abs(p.time - packets[i].time) < 1.1e-3));
});

test('sound as MP4: whole boxes, sizes and offset', () => {
  const track = { codec: 'A_AAC', codecPrivate: Uint8Array.from([0x11, 0x90]), sampleRate: 48000,
                  channels: 2 };
  assert.equal(mp4Type(track), 'audio/mp4; codecs="mp4a.40.2"');
  const mp4 = new Mp4Audio(track);
  const [moof, mdat] = mp4.fragment([{ time: 1, data: new Uint8Array(5) },
                                     { time: 1.02, data: new Uint8Array(6) }]);
  const size = (box) => new DataView(box.buffer).getUint32(0);
  assert.equal(size(moof), moof.length);
  assert.equal(size(mdat), 8 + 11);
  const view = new DataView(moof.buffer);
  assert.deepEqual([16, 12, 8, 4].map((back) => view.getUint32(moof.length - back)),
                   [2, moof.length + 8, 5, 6]);
  assert.ok(mp4.init().every((box) => size(box) === box.length));
});

test('elements say their own size', () => {
  assert.deepEqual([...element(0xa3, 'ab')], [0xa3, 0x10, 0, 0, 2, 0x61, 0x62]);
});
