// Sound of a Matroska file as fragmented MP4 for Media Source Extensions, without coding it anew:
// AAC, which WebM has no place for.

import { concat } from './ebml.js';

const AAC_SAMPLES = 1024;  // per packet

/** The MIME type of a track's fragments, or null where they can't be made. */
export function mp4Type(track) {
  if (track.codec !== 'A_AAC' || track.codecPrivate.length < 2) return null;
  let type = track.codecPrivate[0] >> 3;
  if (type === 31) type = 32 + ((track.codecPrivate[0] & 7) << 3 | track.codecPrivate[1] >> 5);
  return `audio/mp4; codecs="mp4a.40.${type}"`;
}

const u8 = (...values) => Uint8Array.from(values);
const u16 = (value) => u8(value >> 8 & 255, value & 255);
const u32 = (value) => u8(value >>> 24, value >>> 16 & 255, value >>> 8 & 255, value & 255);
const u64 = (value) => concat(u32(Math.floor(value / 2 ** 32)), u32(value >>> 0));
const zeros = (count) => new Uint8Array(count);

function box(name, ...parts) {
  const body = concat(...parts);
  return concat(u32(body.length + 8), new TextEncoder().encode(name), body);
}

// A box with version 0 (or `version`) and flags.
function fullBox(name, flags, ...parts) {
  return box(name, u32(flags), ...parts);
}

const matrix = concat(u32(0x10000), zeros(12), u32(0x10000), zeros(12), u32(0x40000000));

// A descriptor of MPEG-4 systems; the sizes here are below 128.
function descriptor(tag, ...parts) {
  const body = concat(...parts);
  return concat(u8(tag, body.length), body);
}

function esds(config) {
  return fullBox('esds', 0, descriptor(3, u16(1), u8(0),
    descriptor(4, u8(0x40, 0x15), zeros(3), u32(0), u32(0), descriptor(5, config)),
    descriptor(6, u8(2))));
}

/** Makes fragments of packets of one track. */
export class Mp4Audio {
  constructor(track) {
    this.track = track;
    this.rate = Math.round(track.sampleRate);
    this.sequence = 0;
  }

  /** What comes before all fragments. */
  init() {
    const { channels, codecPrivate } = this.track;
    const entry = box('mp4a', zeros(6), u16(1), zeros(8), u16(channels), u16(16), zeros(4),
                      u32(this.rate * 65536), esds(codecPrivate));
    const none = (name) => fullBox(name, 0, u32(0));
    const stbl = box('stbl', fullBox('stsd', 0, u32(1), entry), none('stts'), none('stsc'),
                     fullBox('stsz', 0, u32(0), u32(0)), none('stco'));
    const dinf = box('dinf', fullBox('dref', 0, u32(1), fullBox('url ', 1)));
    const mdia = box('mdia',
      fullBox('mdhd', 0, zeros(8), u32(this.rate), u32(0), u16(0x55c4), u16(0)),
      fullBox('hdlr', 0, u32(0), new TextEncoder().encode('soun'), zeros(12), u8(0)),
      box('minf', fullBox('smhd', 0, u32(0)), dinf, stbl));
    const tkhd = fullBox('tkhd', 7, zeros(8), u32(1), zeros(4), u32(0), zeros(8), zeros(4),
                         u16(0x100), u16(0), matrix, u32(0), u32(0));
    const mvhd = fullBox('mvhd', 0, zeros(8), u32(1000), u32(0), u32(0x10000), u16(0x100),
                         zeros(10), matrix, zeros(24), u32(2));
    const trex = fullBox('trex', 0, u32(1), u32(1), u32(0), u32(0), u32(0));
    return [
      box('ftyp', new TextEncoder().encode('iso5'), u32(0), new TextEncoder().encode('iso5mp41')),
      box('moov', mvhd, box('trak', tkhd, mdia), box('mvex', trex)),
    ];
  }

  fragment(packets) {
    const start = Math.max(0, Math.round(packets[0].time * this.rate));
    const sizes = packets.map((packet) => u32(packet.data.length));
    const moof = (offset) => box('moof', fullBox('mfhd', 0, u32(this.sequence)), box('traf',
      fullBox('tfhd', 0x020008, u32(1), u32(AAC_SAMPLES)),
      fullBox('tfdt', 0x1000000, u64(start)),
      fullBox('trun', 0x000201, u32(packets.length), u32(offset), ...sizes)));
    ++this.sequence;
    const size = moof(0).length;
    return [moof(size + 8), box('mdat', ...packets.map((packet) => packet.data))];
  }
}
