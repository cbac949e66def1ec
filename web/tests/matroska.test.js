// The Matroska reader: files of furl's and of other programs', in pieces of any size.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { concat, element, openElement } from '../player/ebml.js';
import { isKey, MatroskaDemuxer } from '../player/demux.js';
import { MatroskaParser } from '../player/matroska.js';
import { makeMatroska, parseMatroska } from './make_matroska.js';
import { root, startInNode, streams } from './node.js';
import { readStream } from './streams.js';

const bunny = readFileSync(join(root, 'assets', 'bunny.mkv'));
const furl = await startInNode();
const video = readStream(furl, readFileSync(join(streams, 'short_gops_80x64.furl')));
const info = furl.streamInfo(video.header);
const file = makeMatroska(video, info, parseMatroska(bunny));

class MemorySource {
  constructor(bytes, piece) {
    this.bytes = bytes;
    this.piece = piece;
  }
  async open(offset) { this.at = offset; }
  async read() {
    if (this.at >= this.bytes.length) return null;
    this.at += this.piece;
    return this.bytes.subarray(this.at - this.piece, Math.min(this.at, this.bytes.length));
  }
}

async function demux(piece) {
  const source = new MemorySource(file, piece);
  await source.open(0);
  const demuxer = new MatroskaDemuxer(source, await source.read());
  await demuxer.open();
  return demuxer;
}

async function rest(demuxer) {
  const packets = [];
  for (let packet; (packet = await demuxer.next());) packets.push(packet);
  return packets;
}

test('the tracks and packets of a file that FFmpeg wrote', () => {
  const { parser, packets } = parseMatroska(bunny);
  assert.deepEqual(parser.tracks.map(({ codec }) => codec),
                   ['V_MPEG4/ISO/AVC', 'A_OPUS', 'S_TEXT/UTF8']);
  assert.equal(packets.filter((p) => p.track.type === 'video').length, 64);
  assert.equal(parser.tracks[1].sampleRate, 48000);
  assert.ok(Math.abs(parser.duration - 2.568) < 0.1);
  assert.ok(parser.cues.length > 0);
});

for (const piece of [1, 7, 1000, 1 << 20]) {
  test(`pieces of ${piece} bytes`, async () => {
    const packets = await rest(await demux(piece));
    const frames = packets.filter((p) => p.kind === 'video');
    assert.deepEqual(frames.map((p) => [...p.data]), video.packets.map((p) => [...p.data]));
    assert.deepEqual(frames.map((p) => p.key), video.packets.map((p) => p.key));
    assert.ok(packets.some((p) => p.kind === 'audio') && packets.some((p) => p.kind === 'text'));
  });
}

test('seeking leads to the key frame before', async () => {
  const demuxer = await demux(500);
  const keys = video.packets.filter((p) => p.key).map((p) => p.pts * info.timeBase);
  assert.ok(keys.length > 2);
  for (const [wanted, time] of [[keys[2], keys[2] + 0.01], [keys[1], keys[2] - 0.01],
                                [keys[0], 0], [keys.at(-1), 100]]) {
    await demuxer.seek(time);
    const first = (await rest(demuxer)).find((p) => p.kind === 'video');
    assert.ok(first.key && Math.abs(first.time - wanted) < 1e-3, `to ${time}`);
  }
});

test('furl that adds to a base has its packets, too', async () => {
  const entry = (number, codec, isDefault) => element(0xae, [
    element(0xd7, { uint: number }), element(0x83, { uint: 1 }), element(0x86, codec),
    element(0x88, { uint: isDefault })]);
  const tracks = element(0x1654ae6b, [entry(1, 'V_MPEG4/ISO/AVC', 1), entry(2, 'V_FURL', 0)]);
  const simple = (track, flags) => element(0xa3, Uint8Array.from([0x80 | track, 0, 0, flags, 7]));
  const group = (...more) => element(0xa0, [element(0xa1, Uint8Array.from([0x81, 0, 40, 0, 7])),
                                            ...more]);
  const cluster = element(0x1f43b675, [element(0xe7, { uint: 0 }), simple(1, 0x80), simple(2, 0x80),
                                       group(), group(element(0xfb, Uint8Array.from([216])))]);
  const bytes = concat(element(0x1a45dfa3, []), openElement(0x18538067), tracks, cluster);
  const source = new MemorySource(bytes, 1000);
  await source.open(bytes.length);
  const demuxer = new MatroskaDemuxer(source, bytes);
  await demuxer.open();
  assert.equal(demuxer.base.codec, 'V_MPEG4/ISO/AVC');
  assert.deepEqual((await rest(demuxer)).map(({ kind, key }) => [kind, key]),
                   [['base', true], ['video', true], ['base', true], ['base', false]]);
});

test('checksums of sections are no elements of theirs', () => {
  const crc = element(0xbf, Uint8Array.from([0, 0, 0, 0]));
  const parser = new MatroskaParser();
  parser.append(concat(element(0x1a45dfa3, []), openElement(0x18538067),
    element(0x114d9b74, [crc, element(0x4dbb, [element(0x53ab, { uint: 0x1c53bb6b }),
                                               element(0x53ac, { uint: 9 })])]),
    element(0x1c53bb6b, [crc, element(0xbb, [element(0xb3, { uint: 500 }),
                                             element(0xb7, [element(0xf1, { uint: 7 })])])])));
  assert.equal(parser.cues.length, 1);
  assert.equal(parser.cues[0].time, 0.5);
  assert.equal(parser.cuesPosition, 9 + parser.segmentStart);
});

test('laced blocks, and clusters whose end is not known', () => {
  const tracks = element(0x1654ae6b, [element(0xae, [
    element(0xd7, { uint: 1 }), element(0x83, { uint: 2 }), element(0x86, 'A_OPUS')])]);
  const block = (lacing, ...bytes) => element(0xa3, Uint8Array.from(
    [0x81, 0, 5, lacing << 1, ...bytes]));
  const parser = new MatroskaParser();
  parser.append(concat(
    element(0x1a45dfa3, []), openElement(0x18538067), tracks,
    openElement(0x1f43b675), element(0xe7, { uint: 1000 }),
    block(1, 2, 1, 2, 10, 20, 21, 30, 31, 32),             // Xiph: sizes 1, 2, rest
    block(3, 2, 0x81, 0xc0, 10, 20, 21, 30),               // EBML: 1, 1 + 1, rest
    openElement(0x1f43b675), element(0xe7, { uint: 2000 }),
    block(2, 1, 10, 11, 20, 21)));                         // two of equal size
  const all = [];
  for (let p; (p = parser.next());) all.push([Math.round(p.time * 1000), ...p.data]);
  assert.deepEqual(all, [[1005, 10], [1005, 20, 21], [1005, 30, 31, 32],
                         [1005, 10], [1005, 20, 21], [1005, 30],
                         [2005, 10, 11], [2005, 20, 21]]);
});

test('garbage is refused, not looped over', () => {
  for (let seed = 1; seed < 300; ++seed) {
    const bytes = file.slice(0, 3000);
    for (let i = 0; i < 20; ++i) bytes[(seed * 7919 + i * 104729) % bytes.length] = seed * i;
    const parser = new MatroskaParser();
    try {
      parser.append(bytes);
    } catch (error) {
      assert.ok(error instanceof Error);
    }
  }
});

test('key frames are told by their first bits', () => {
  assert.ok(isKey(Uint8Array.from([0x10])) && !isKey(Uint8Array.from([0x20])));
  assert.ok(isKey(Uint8Array.from([0xe0, 2, 9, 9, 0x10])));
  assert.ok(!isKey(Uint8Array.from([0xe0, 1, 9, 0x70])));
});
