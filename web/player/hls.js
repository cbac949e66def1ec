// Packets of a furl variant of an HLS package: segments of Matroska clusters behind an init segment
// with header and tracks. Sound is in the same segments, or a rendition of its own in MP4, which is
// handed on as it is. Live playlists are read again as they grow.

import { MatroskaDemuxer } from './demux.js';
import { MatroskaParser } from './matroska.js';
import { SegmentReader } from './segments.js';

const SOUND_AHEAD = 8;      // seconds of a rendition that are fetched ahead of the video

/** `open` as in MatroskaDemuxer; `sound` is the playlist of a rendition, or null. */
export class HlsDemuxer extends MatroskaDemuxer {
  constructor(url, sound) {
    super(null, new Uint8Array(0));
    this.segments = new SegmentReader(url);
    this.source = this.segments;
    this.rendition = sound ? new SegmentReader(sound) : null;
  }

  async open() {
    this.first = await this.segments.open();
    await super.open();
    this.duration = this.segments.duration;
    if (!this.rendition) return;
    this.audio = null;
    this.soundInit = await this.rendition.open();
  }

  async more() {
    const part = await this.segments.read();
    if (part === null) return false;
    if (part.init) {  // another encoder, or another size
      this.parser = new MatroskaParser();
      this.parser.append(part.init);
      this.takeTracks();
    }
    this.parser.append(part.bytes);
    return true;
  }

  /** Bytes of the rendition's next segment, in parts, if it is time for it, else null. */
  async nextSound() {
    if (this.rendition.position > this.segments.position + SOUND_AHEAD) return null;
    if (!await this.rendition.hasNext()) return null;
    const segment = this.rendition.find();
    this.soundEnd = segment.start + segment.duration;
    const { init, bytes } = await this.rendition.read();
    return init ? [init, bytes] : [bytes];
  }

  stop() {
    this.segments.stopped = true;
  }

  /** Whether there may be more than is known. */
  get live() {
    return !this.segments.list.ended;
  }

  /** Seconds of a live stream that come at once. */
  get usual() {
    return this.segments.usual;
  }

  /** Infinity: of what is live to where it is now. */
  async seek(time) {
    this.parser.jump(0);
    for (const reader of [this.segments, this.rendition]) {
      if (!reader) continue;
      if (Number.isFinite(time)) reader.seek(time);
      else await reader.seekLive();
    }
  }
}
