// Packets of furl files, whatever holds them.
//
//   const demuxer = await openDemuxer(openSource(what), furl);
//   demuxer.header, demuxer.duration, demuxer.audio, demuxer.texts
//   for (let packet; (packet = await demuxer.next());) ...
//   await demuxer.seek(seconds);     // next() goes on at a key frame at or before
//   demuxer.stop();                  // a next() that waits for bytes fails; only seek() may follow
//
// Packets are {kind: 'video' | 'base' | 'audio' | 'text', time, duration, data}, times in seconds,
// and those of video and its base also {key, header}: that of the stream that it belongs to. Either
// comes in coding order. `demuxer.base` is the track that furl adds to, if it does (docs/hybrid.md).

import { MatroskaParser } from './matroska.js';

const MATROSKA_CODEC = 'V_FURL';
const BASE_CODECS = /^V_(MPEG4\/ISO\/AVC|MPEGH\/ISO\/HEVC|AV1)$/;

/** A file that isn't one of furl's, with words for people. */
export class FormatError extends Error {
  constructor(message) {
    super(message);
    this.name = 'FormatError';
  }
}

/** Whether a packet begins a GOP: its kind is 0 (docs/bitstream.md, section 3). */
export function isKey(data) {
  if (data[0] !== 0xe0) return data[0] >> 5 === 0;
  let size = 0;
  let at = 1;
  for (let shift = 1; at < data.length; shift *= 128) {
    size += (data[at] & 127) * shift;
    if (data[at++] < 128) break;
  }
  return data[at + size] >> 5 === 0;
}

export class MatroskaDemuxer {
  constructor(source, first) {
    this.source = source;
    this.parser = new MatroskaParser();
    this.first = first;
    this.index = [];  // {time, position} of clusters that hold key frames
  }

  /** Reads until the tracks are known. */
  async open() {
    this.parser.append(this.first);
    while (this.parser.tracks === null && await this.more());
    this.takeTracks();
    this.duration = this.parser.duration;
  }

  takeTracks() {
    const tracks = this.parser.tracks ?? [];
    this.video = tracks.find((track) => track.type === 'video' && track.codec === MATROSKA_CODEC);
    if (!this.video) {
      const codecs = tracks.map((track) => track.codec).filter(Boolean).join(', ');
      throw new FormatError(codecs ? `no furl video in this file (${codecs})`
                                   : 'this is no whole Matroska file');
    }
    const base = tracks.find(({ codec }) => BASE_CODECS.test(codec));
    this.base = base && !this.video.isDefault ? base : null;
    const sounds = tracks.filter((track) => track.type === 'audio');
    this.audio = sounds.find((track) => track.isDefault) ?? sounds[0] ?? null;
    this.texts = tracks.filter((track) => /^S_TEXT\/(UTF8|WEBVTT)$/.test(track.codec));
    this.header = this.video.codecPrivate;
  }

  async more() {
    const bytes = await this.source.read();
    if (bytes === null) return false;
    this.parser.append(bytes);
    return true;
  }

  async next() {
    for (;;) {
      const packet = this.parser.next();
      if (packet === null) {
        if (!await this.more()) return null;
        continue;
      }
      const { track, time, duration, data } = packet;
      if (track === this.video) {
        const key = isKey(data);
        if (key) this.remember(time, packet.cluster);
        return { kind: 'video', time, duration, data, key, header: this.header };
      }
      if (track === this.base) {
        return { kind: 'base', time, duration, data, key: packet.key, header: this.header };
      }
      if (track === this.audio) return { kind: 'audio', time, duration, data };
      const text = this.texts.indexOf(track);
      if (text >= 0) return { kind: 'text', track: text, time, duration, data };
    }
  }

  remember(time, position) {
    const last = this.index.at(-1);
    if (!last || last.time < time) this.index.push({ time, position });
  }

  async seek(time) {
    if (this.parser.cues.length === 0 && this.parser.cuesPosition !== null) await this.readCues();
    const cues = this.parser.cues.length > 0 ? this.parser.cues : this.index;
    const cue = cues.findLast((entry) => entry.time <= time + 1e-6) ?? cues[0];
    await this.jump(cue ? cue.position : 0);
  }

  stop() {
    this.source.close();
  }

  async jump(position) {
    await this.source.open(position);
    this.parser.jump(position);
  }

  async readCues() {
    await this.jump(this.parser.cuesPosition);
    while (this.parser.cues.length === 0 && await this.more());
  }
}

export class BareDemuxer {
  constructor(source, first, furl) {
    this.source = source;
    this.furl = furl;
    this.reader = furl.openReader();
    this.reader.append(first);
    this.packets = [];
    this.at = 0;
    this.ended = false;
    this.header = null;
    this.base = null;
    this.audio = null;
    this.texts = [];
    this.duration = NaN;
  }

  async open() {
    this.drain();
    while (this.packets.length === 0 && await this.more());
    if (this.header === null) throw new FormatError('this furl stream ends in its header');
  }

  // Reads some more packets. False at the end.
  async more() {
    if (this.ended) return false;
    const bytes = await this.source.read();
    if (bytes === null) this.reader.end();
    else this.reader.append(bytes);
    this.ended = bytes === null;
    this.drain();
    if (this.ended) this.finish();
    return true;
  }

  // Takes what the reader has.
  drain() {
    for (let packet; (packet = this.nextOfReader());) {
      if (this.header === null) {
        this.header = this.reader.header();
        this.timeBase = this.furl.streamInfo(this.header).timeBase;
      }
      this.add(packet);
    }
  }

  // Damage between packets is passed over: the decoder covers what is missing.
  nextOfReader() {
    for (let tries = 0; ; ++tries) {
      try {
        return this.reader.next();
      } catch (error) {
        if (error.code !== 'invalid_stream' || tries > 1000) throw error;
      }
    }
  }

  add({ data, pts, duration, key }) {
    this.packets.push({ kind: 'video', time: pts * this.timeBase, data, key, header: this.header,
                        duration: duration * this.timeBase });
  }

  finish() {
    this.reader.close();
    this.duration = this.packets.reduce((end, p) => Math.max(end, p.time + p.duration), 0);
  }

  async next() {
    while (this.at >= this.packets.length) {
      if (!await this.more()) return null;
    }
    return this.packets[this.at++];
  }

  // All bytes are kept, so that reading goes on wherever it is sent.
  stop() {}

  async seek(time) {
    const passed = () => this.packets.at(-1)?.key && this.packets.at(-1).time > time;
    while (!passed() && await this.more());
    this.at = Math.max(0, this.packets.findLastIndex((p) => p.key && p.time <= time + 1e-6));
  }
}

/** Looks at the first bytes of `source` and opens what reads them. */
export async function openDemuxer(source, furl) {
  await source.open(0);
  const first = await source.read();
  const magic = String.fromCharCode(...(first ?? []).subarray(0, 4));
  let demuxer;
  if (magic === 'furl') demuxer = new BareDemuxer(source, first, furl);
  else if (magic === '\x1aE\xdf\xa3') demuxer = new MatroskaDemuxer(source, first);
  else throw new FormatError('neither a .furl stream nor a Matroska file');
  await demuxer.open();
  return demuxer;
}
