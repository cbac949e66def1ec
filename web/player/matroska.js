// Matroska as it arrives: bytes go in, in pieces of any size, tracks and packets come out.
//
//   const parser = new MatroskaParser();
//   parser.append(bytes);
//   parser.tracks                     // null until they have been read
//   for (let p; (p = parser.next());) use(p.track, p.time, p.data);
//
// Times are seconds. What players have no use for is skipped; sections that are read whole are
// limited in size.

import { EbmlError, UNKNOWN_SIZE, concat, elements, readFloat, readHead, readNumber, readText,
         readUint } from './ebml.js';

const ID = {
  EBML: 0x1a45dfa3, SEGMENT: 0x18538067, SEEK_HEAD: 0x114d9b74, INFO: 0x1549a966,
  TRACKS: 0x1654ae6b, CUES: 0x1c53bb6b, CLUSTER: 0x1f43b675, TIMESTAMP: 0xe7,
  SIMPLE_BLOCK: 0xa3, BLOCK_GROUP: 0xa0, BLOCK: 0xa1, BLOCK_DURATION: 0x9b,
  DISCARD_PADDING: 0x75a2, REFERENCE: 0xfb,
};
const LARGEST_ELEMENT = 64 << 20;

export class MatroskaParser {
  constructor() {
    this.buffer = new Uint8Array(0);
    this.at = 0;            // of what has not been read in `buffer`
    this.offset = 0;        // of buffer's first byte in the file
    this.skip = 0;          // bytes of an element that nobody wants
    this.segmentStart = 0;  // of the first element in the segment: cues count from there
    this.scale = 1e-3;      // seconds per unit
    this.duration = NaN;
    this.tracks = null;
    this.cues = [];         // {time, position} in the file, in order of time
    this.seekHead = new Map();
    this.cluster = 0;       // offset of the cluster that is read
    this.clusterTime = 0;
    this.packets = [];
  }

  append(bytes) {
    const drop = Math.min(this.skip, bytes.length);
    this.skip -= drop;
    if (drop === bytes.length) {
      this.offset += drop;
      return;
    }
    this.buffer = concat(this.buffer.subarray(this.at), bytes.subarray(drop));
    this.offset += this.at + drop;
    this.at = 0;
    while (this.step());
  }

  /** The next packet that is complete, or null. */
  next() {
    return this.packets.shift() ?? null;
  }

  /** What is appended next stands at `offset` of the file, where a section begins. */
  jump(offset) {
    this.buffer = new Uint8Array(0);
    this.at = 0;
    this.offset = offset;
    this.skip = 0;
    this.packets = [];
  }

  // Reads one element. False where bytes are missing.
  step() {
    const head = readHead(this.buffer, this.at);
    if (head === null) return false;
    if (head.id === ID.SEGMENT || head.id === ID.CLUSTER) {
      this.at += head.headSize;
      if (head.id === ID.SEGMENT) this.segmentStart = this.offset + this.at;
      else this.cluster = this.offset + this.at - head.headSize;
      return true;
    }
    if (!this.wanted(head.id)) return this.pass(head);
    if (head.size > LARGEST_ELEMENT) throw new EbmlError('an element is too large');
    const end = this.at + head.headSize + head.size;
    if (end > this.buffer.length) return false;
    this.take(head.id, this.buffer.subarray(this.at + head.headSize, end));
    this.at = end;
    return true;
  }

  wanted(id) {
    return id === ID.TIMESTAMP || id === ID.SIMPLE_BLOCK || id === ID.BLOCK_GROUP ||
           id === ID.INFO || id === ID.TRACKS || id === ID.CUES || id === ID.SEEK_HEAD;
  }

  // Passes over an element that may be longer than what has come of it.
  pass(head) {
    if (head.size === UNKNOWN_SIZE) throw new EbmlError('an element has no size');
    const end = this.at + head.headSize + head.size;
    this.skip = Math.max(0, end - this.buffer.length);
    this.at = Math.min(end, this.buffer.length);
    return this.at < this.buffer.length;
  }

  take(id, content) {
    switch (id) {
      case ID.INFO: return this.takeInfo(content);
      case ID.TRACKS:  // once, also where reading begins anew
        this.tracks ??= [...elements(content)].filter(([child]) => child === 0xae)
          .map(([, entry]) => readTrack(entry));
        return;
      case ID.CUES: return this.takeCues(content);
      case ID.SEEK_HEAD: return this.takeSeekHead(content);
      case ID.TIMESTAMP:
        this.clusterTime = readUint(content);
        return;
      case ID.SIMPLE_BLOCK: return this.takeBlock(content, { simple: true });
      default: return this.takeGroup(content);
    }
  }

  takeInfo(content) {
    let duration = NaN;
    for (const [id, value] of elements(content)) {
      if (id === 0x2ad7b1) this.scale = readUint(value) / 1e9;
      if (id === 0x4489) duration = readFloat(value);
    }
    this.duration = duration * this.scale;
  }

  takeCues(content) {
    this.cues = [];
    for (const [kind, point] of elements(content)) {
      if (kind !== 0xbb) continue;
      let time = null;
      let position = null;
      for (const [id, value] of elements(point)) {
        if (id === 0xb3) time = readUint(value);
        if (id === 0xb7) {
          for (const [inner, where] of elements(value)) {
            if (inner === 0xf1) position = readUint(where);
          }
        }
      }
      if (time === null || position === null) continue;
      this.cues.push({ time: time * this.scale, position: position + this.segmentStart });
    }
    this.cues.sort((a, b) => a.time - b.time);
  }

  takeSeekHead(content) {
    for (const [kind, entry] of elements(content)) {
      if (kind !== 0x4dbb) continue;
      const fields = new Map(elements(entry));
      if (!fields.has(0x53ab) || !fields.has(0x53ac)) continue;
      this.seekHead.set(readUint(fields.get(0x53ab)),
                        readUint(fields.get(0x53ac)) + this.segmentStart);
    }
  }

  /** Where the index lies in the file, if that is said. */
  get cuesPosition() {
    return this.seekHead.get(ID.CUES) ?? null;
  }

  takeGroup(content) {
    const fields = new Map(elements(content));
    const block = fields.get(ID.BLOCK);
    if (!block) return;
    const duration = fields.get(ID.BLOCK_DURATION);
    const discard = fields.get(ID.DISCARD_PADDING);
    this.takeBlock(block, { duration: duration && readUint(duration) * this.scale, discard,
                            key: !fields.has(ID.REFERENCE) });
  }

  takeBlock(block, { simple = false, duration, discard, key }) {
    const { value: number, length } = readNumber(block, 0);
    const track = this.tracks?.find((candidate) => candidate.number === number);
    if (!track || block.length < length + 3) return;
    const relative = new DataView(block.buffer, block.byteOffset).getInt16(length);
    const time = (this.clusterTime + relative) * this.scale - track.codecDelay;
    const frames = splitLaces(block.subarray(length + 3), (block[length + 2] >> 1) & 3);
    const each = duration ? duration / frames.length : track.defaultDuration;
    frames.forEach((frame, i) => {
      const data = track.prefix.length > 0 ? concat(track.prefix, frame) : frame.slice();
      this.packets.push({ track, time: time + i * (each || 0), duration: each, data, discard,
                          key: simple ? (block[length + 2] & 0x80) !== 0 : key,
                          cluster: this.cluster });
    });
  }
}

function readTrack(entry) {
  const track = { number: 0, type: '', codec: '', codecPrivate: new Uint8Array(0),
                  defaultDuration: 0, language: 'eng', name: '', isDefault: true, codecDelay: 0,
                  prefix: new Uint8Array(0), sampleRate: 8000, channels: 1, aspect: 0, turn: 0 };
  for (const [id, value] of elements(entry)) {
    switch (id) {
      case 0xd7: track.number = readUint(value); break;
      case 0x83: track.type = { 1: 'video', 2: 'audio', 17: 'text' }[readUint(value)] ?? ''; break;
      case 0x86: track.codec = readText(value); break;
      case 0x63a2: track.codecPrivate = value.slice(); break;
      case 0x23e383: track.defaultDuration = readUint(value) / 1e9; break;
      case 0x22b59c: track.language = readText(value); break;
      case 0x536e: track.name = readText(value); break;
      case 0x88: track.isDefault = readUint(value) !== 0; break;
      case 0x56aa: track.codecDelay = readUint(value) / 1e9; break;
      case 0x56bb: track.seekPreRoll = readUint(value); break;
      case 0x6d80: readEncodings(value, track); break;
      case 0xe1: readAudio(value, track); break;
      case 0xe0: readVideo(value, track); break;
    }
  }
  return track;
}

function readAudio(content, track) {
  for (const [id, value] of elements(content)) {
    if (id === 0xb5) track.sampleRate = readFloat(value);
    if (id === 0x9f) track.channels = readUint(value);
  }
}

// The shape in which pictures are shown, width by height, and quarter turns clockwise.
function readVideo(content, track) {
  const fields = new Map(elements(content));
  const number = (id) => (fields.has(id) ? readUint(fields.get(id)) : 0);
  if (number(0x54b0) && number(0x54ba)) track.aspect = number(0x54b0) / number(0x54ba);
  const roll = new Map(elements(fields.get(0x7670) ?? new Uint8Array(0))).get(0x7675);
  if (roll) track.turn = ((Math.round(readFloat(roll) / -90) % 4) + 4) % 4;
}

// Bytes that were taken from the front of every frame; other encodings hide the frames.
function readEncodings(content, track) {
  for (const [kind, encoding] of elements(content)) {
    if (kind !== 0x6240) continue;
    const compression = new Map(elements(encoding)).get(0x5034);
    const fields = new Map(elements(compression ?? new Uint8Array(0)));
    const kind = fields.has(0x4254) ? readUint(fields.get(0x4254)) : 0;
    if (compression && kind === 3) track.prefix = (fields.get(0x4255) ?? track.prefix).slice();
    else track.codec = 'encoded';
  }
}

// The frames of a block's content: `lacing` 0 none, 1 Xiph, 2 fixed size, 3 EBML.
function splitLaces(content, lacing) {
  if (lacing === 0) return [content];
  const count = content[0] + 1;
  let at = 1;
  const sizes = [];
  for (let i = 0; i < count - 1 && lacing !== 2; ++i) {
    if (lacing === 1) {
      let size = 0;
      while (content[at] === 255) size += content[at++];
      sizes.push(size + content[at++]);
      continue;
    }
    const { value, length } = readNumber(content, at);
    at += length;
    // Behind the first: differences, from the middle of the range of their length.
    sizes.push(i === 0 ? value : sizes[i - 1] + value - (2 ** (7 * length - 1) - 1));
  }
  const rest = content.length - at;
  if (lacing === 2) sizes.push(...new Array(count - 1).fill(rest / count));
  sizes.push(rest - sizes.reduce((sum, size) => sum + size, 0));
  return sizes.map((size) => {
    at += size;
    return content.subarray(at - size, at);
  });
}
