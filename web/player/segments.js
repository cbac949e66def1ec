// Segments of an HLS media playlist, as bytes.

import { parseMedia } from './playlist.js';
import { fetchOk } from './source.js';

/** Seconds, and of a segment, of what is live: farther behind is too far. */
export const LIVE_AHEAD = 2.5;
const LIVE_SECONDS = 1;       // so far behind the end, or farther, live playback begins
const SHORTEST_PAUSE = 0.15;  // seconds between two looks at a list

// Of all that a list has, or of none yet.
function endOf(list) {
  const last = list?.segments.at(-1);
  return last ? last.start + last.duration : 0;
}

const pause = (seconds) => new Promise((resolve) => { setTimeout(resolve, 1000 * seconds); });

async function fetchPart({ url, range }) {
  const headers = range ? { Range: `bytes=${range.first}-${range.last}` } : {};
  return new Uint8Array(await (await fetchOk(url, { headers })).arrayBuffer());
}

/** The segments of a media playlist one after the other. Live playlists are read again as they
 * grow. */
export class SegmentReader {
  constructor(url) {
    this.url = url;
    this.next = 0;  // sequence number of the segment that comes next
    this.stopped = false;
  }

  async open() {
    await this.reload();
    this.begin();
    return this.fetchInit(this.find()?.init ?? null);
  }

  // Goes to the first segment, or of what is live to one shortly before the end.
  begin() {
    const { segments, ended } = this.list;
    const live = segments.findLast(({ start }) => start <= endOf(this.list) - LIVE_SECONDS + 0.05);
    this.next = (!ended && live ? live : segments[0])?.sequence ?? 0;
  }

  async fetchInit(init) {
    this.init = init;
    return init ? fetchPart(init) : new Uint8Array(0);
  }

  async reload() {
    const response = await fetchOk(this.url, { cache: 'no-store' });
    const list = parseMedia(await response.text(), response.url || this.url);
    // Starts are counted from the first segment that was ever seen.
    const known = this.list?.segments.find((s) => s.sequence === list.segments[0]?.sequence);
    const shift = known ? known.start : endOf(this.list);
    for (const segment of list.segments) segment.start += shift;
    this.list = list;
    this.loaded = performance.now();
  }

  get duration() {
    return this.list.ended && this.list.segments.length > 0 ? endOf(this.list) : NaN;
  }

  /** The start of the segment that comes next, if it is known. */
  get position() {
    return this.find()?.start ?? Infinity;
  }

  find() {
    return this.list.segments.find((segment) => segment.sequence >= this.next);
  }

  /** {init, bytes} of the next segment, `init` null where it is that of the one before; or null
   * behind the last or when stopped. Live: waits for it. */
  async read() {
    for (;;) {
      const segment = this.find();
      if (segment) {
        this.next = segment.sequence + 1;
        const changes = segment.init && segment.init.url !== this.init?.url;
        const init = changes ? await this.fetchInit(segment.init) : null;
        return { init, bytes: await fetchPart(segment) };
      }
      if (this.list.ended || this.stopped) return null;
      await pause(Math.max(SHORTEST_PAUSE, this.staleIn));
      await this.reload();
    }
  }

  /** Seconds until it is worth while to look whether there is another segment. */
  get staleIn() {
    return this.usual / 2 - (performance.now() - this.loaded) / 1000;
  }

  /** Seconds of a segment. */
  get usual() {
    return this.list.segments.at(-1)?.duration ?? this.list.target;
  }

  /** Whether there is a next segment now. */
  async hasNext() {
    if (!this.find() && !this.list.ended && this.staleIn <= 0) await this.reload();
    return this.find() !== undefined;
  }

  async seekLive() {
    this.stopped = false;
    await this.reload();
    this.begin();
  }

  seek(time) {
    this.stopped = false;
    const { segments } = this.list;
    const segment = segments.findLast((s) => s.start <= time + 1e-3) ?? segments[0];
    if (segment) this.next = segment.sequence;
  }
}
