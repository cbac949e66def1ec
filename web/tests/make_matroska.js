// A Matroska file of a bare stream, and of the sound and subtitles of another Matroska file.

import { concat, element, openElement } from '../player/ebml.js';
import { MatroskaParser } from '../player/matroska.js';

const TRACK_TYPES = { audio: 2, text: 17 };

/** All tracks and packets of a whole file. */
export function parseMatroska(bytes) {
  const parser = new MatroskaParser();
  parser.append(bytes);
  const packets = [];
  for (let packet; (packet = parser.next());) packets.push(packet);
  return { parser, packets };
}

function entryOf(number, type, codec, codecPrivate, more = []) {
  return element(0xae, [
    element(0xd7, { uint: number }), element(0x73c5, { uint: number }),
    element(0x83, { uint: type }), element(0x86, codec), element(0x63a2, codecPrivate), ...more,
  ]);
}

function copiedEntry(track, number) {
  const more = [element(0x22b59c, track.language)];
  if (track.type === 'audio') {
    more.push(element(0x56aa, { uint: Math.round(track.codecDelay * 1e9) }),
              element(0xe1, [element(0xb5, { float: track.sampleRate }),
                             element(0x9f, { uint: track.channels })]));
  }
  return entryOf(number, TRACK_TYPES[track.type], track.codec, track.codecPrivate, more);
}

function blockOf({ track, ms, durationMs, data, key }, clusterMs) {
  const relative = ms - clusterMs;
  const head = Uint8Array.from([0x80 | track, (relative >> 8) & 255, relative & 255,
                                key && durationMs === undefined ? 0x80 : 0]);
  if (durationMs === undefined) return element(0xa3, [head, data]);
  return element(0xa0, [element(0xa1, [head, data]), element(0x9b, { uint: durationMs })]);
}

// Clusters begin at key frames; blocks come in order of time, video's in order of coding.
function clustersOf(blocks, headerSize) {
  const clusters = [];
  for (const block of blocks) {
    if (block.starts || clusters.length === 0) clusters.push([]);
    clusters.at(-1).push(block);
  }
  let position = headerSize;
  const cues = [];
  const parts = clusters.map((inside) => {
    const ms = Math.min(...inside.map((block) => block.ms));
    const part = element(0x1f43b675, [element(0xe7, { uint: ms }),
                                      ...inside.map((block) => blockOf(block, ms))]);
    cues.push(element(0xbb, [element(0xb3, { uint: inside[0].ms }),
      element(0xb7, [element(0xf7, { uint: 1 }), element(0xf1, { uint: position })])]));
    position += part.length;
    return part;
  });
  return { parts, cues: element(0x1c53bb6b, cues), end: position };
}

// Says where the index is; the same size wherever that is.
function seekHeadTo(position) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, position);
  return element(0x114d9b74, [element(0x4dbb, [
    element(0x53ab, { uint: 0x1c53bb6b }), element(0x53ac, bytes)])]);
}

// What is before the clusters, without the head of the segment: tracks and duration.
function sectionsOf(video, kept, end) {
  return concat(
    element(0x1549a966, [element(0x2ad7b1, { uint: 1000000 }), element(0x4489, { float: end })]),
    element(0x1654ae6b, [entryOf(1, 1, 'V_FURL', video.header),
                         ...kept.map((track, i) => copiedEntry(track, i + 2))]));
}

// The blocks of all tracks as they stand in the file.
function blocksOf(video, info, others, kept) {
  const frames = video.packets.map(({ data, pts, key }) => (
    { track: 1, ms: Math.round(pts * info.timeBase * 1000), data, key, starts: key }));
  const copies = others.packets.filter((packet) => kept.includes(packet.track))
    .map(({ track, time, duration, data }) => ({
      track: kept.indexOf(track) + 2, ms: Math.round((time + track.codecDelay) * 1000), data,
      key: true, durationMs: track.type === 'text' ? Math.round(duration * 1000) : undefined }));
  const end = Math.max(...frames.map((frame) => frame.ms)) + 1000 / info.frameRate;
  // A copy goes in front of the first frame that is coded later than its time.
  const blocks = [...frames];
  for (const copy of copies.filter(({ ms }) => ms < end)) {
    const at = blocks.findIndex(({ track, ms, starts }) => track === 1 && ms > copy.ms && !starts);
    blocks.splice(at < 0 ? blocks.length : at, 0, copy);
  }
  return { blocks, end };
}

const keptTracks = (others) => others.parser.tracks.filter((track) => TRACK_TYPES[track.type]);
const NOTHING = { parser: { tracks: [] }, packets: [] };
const head = element(0x1a45dfa3, [element(0x4282, 'matroska')]);

/** `video` is what streams.js reads, `info` its header's content, `others` from parseMatroska(). */
export function makeMatroska(video, info, others = NOTHING) {
  const kept = keptTracks(others);
  const { blocks, end } = blocksOf(video, info, others, kept);
  const sections = sectionsOf(video, kept, end);
  const { parts, cues, end: cuesAt } = clustersOf(blocks, seekHeadTo(0).length + sections.length);
  return concat(head, element(0x18538067, [seekHeadTo(cuesAt), sections, ...parts, cues]));
}

/** The same as segments of an HLS package: {init, segments}. */
export function makeSegments(video, info, others = NOTHING) {
  const kept = keptTracks(others);
  const { blocks, end } = blocksOf(video, info, others, kept);
  return { init: concat(head, openElement(0x18538067), sectionsOf(video, kept, end)),
           segments: clustersOf(blocks, 0).parts };
}
