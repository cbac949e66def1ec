// Packets of a furl variant of an HLS package: segments of Matroska clusters behind an init segment
// with header and tracks. Sound is in the same segments, or a rendition of its own in MP4, which is
// handed on as it is. Live playlists are read again as they grow.

import { MatroskaDemuxer } from './demux.js';
import { parseMedia } from './playlist.js';
import { fetchOk } from './source.js';

const LIVE_SEGMENTS = 3;   // so far behind the end live playback begins
const SOUND_AHEAD = 8;     // seconds of a rendition that are fetched ahead of the video

const pause = (seconds) => new Promise((resolve) => { setTimeout(resolve, 1000 * seconds); });

async function fetchPart({ url, range }) {
  const headers = range ? { Range: `bytes=${range.first}-${range.last}` } : {};
  return new Uint8Array(await (await fetchOk(url, { headers })).arrayBuffer());
}

// The segments of a media playlist one after the other.
class SegmentReader {
  constructor(url) {
    this.url = url;
    this.next = 0;  // sequence number of the segment that comes next
    this.stopped = false;
  }

  async open() {
    await this.reload();
    const { segments, ended } = this.list;
    const first = ended ? 0 : Math.max(0, segments.length - LIVE_SEGMENTS);
    this.next = segments[first]?.sequence ?? 0;
    return this.list.init ? fetchPart(this.list.init) : new Uint8Array(0);
  }

  async reload() {
    const response = await fetchOk(this.url, { cache: 'no-store' });
    const list = parseMedia(await response.text(), response.url || this.url);
    // Starts are counted from the first segment that was ever seen.
    const known = this.list?.segments.find((s) => s.sequence === list.segments[0]?.sequence);
    const last = this.list?.segments.at(-1);
    const shift = known ? known.start : (last ? last.start + last.duration : 0);
    for (const segment of list.segments) segment.start += shift;
    this.list = list;
    this.loaded = performance.now();
  }

  get duration() {
    const last = this.list.segments.at(-1);
    return this.list.ended && last ? last.start + last.duration : NaN;
  }

  /** The start of the segment that comes next, if it is known. */
  get position() {
    return this.find()?.start ?? Infinity;
  }

  find() {
    return this.list.segments.find((segment) => segment.sequence >= this.next);
  }

  /** Bytes of the next segment, or null behind the last or when stopped. Live: waits for it. */
  async read() {
    for (;;) {
      const segment = this.find();
      if (segment) {
        this.next = segment.sequence + 1;
        return fetchPart(segment);
      }
      if (this.list.ended || this.stopped) return null;
      const age = (performance.now() - this.loaded) / 1000;
      await pause(Math.max(0.2, this.list.target / 2 - age));
      await this.reload();
    }
  }

  seek(time) {
    this.stopped = false;
    const { segments } = this.list;
    const segment = segments.findLast((s) => s.start <= time + 1e-3) ?? segments[0];
    if (segment) this.next = segment.sequence;
  }
}

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

  /** Bytes of the rendition's next segment if it is time for it, else null. */
  async nextSound() {
    if (!this.rendition || this.rendition.position > this.segments.position + SOUND_AHEAD) {
      return null;
    }
    const segment = this.rendition.find();
    if (!segment) return null;
    this.soundEnd = segment.start + segment.duration;
    return this.rendition.read();
  }

  stop() {
    this.segments.stopped = true;
  }

  async seek(time) {
    this.segments.seek(time);
    this.rendition?.seek(time);
    this.parser.jump(0);
  }
}
