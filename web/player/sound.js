// Sound: fragments of WebM or MP4 in an <audio> element, by Media Source Extensions. Its clock is
// the playback's.

const KEEP_BEHIND = 10;  // seconds that stay in the buffer behind the place that is heard

/** Those of `types` that this browser plays. */
export function soundTypes(types) {
  return typeof MediaSource === 'undefined' ? []
                                            : types.filter((t) => MediaSource.isTypeSupported(t));
}

export class Sound {
  constructor(type) {
    this.type = type;
    this.audio = document.createElement('audio');
    this.audio.preservesPitch = true;
    this.end = Infinity;  // where the sound of the video ends, once that is known
    this.reached = 0;     // end of what has been appended
    this.queue = [];
  }

  /** Begins anew at `time`: all fragments that follow belong there. */
  async restart(time) {
    this.queue = [];
    this.end = Infinity;
    this.reached = 0;
    const source = new MediaSource();
    this.source = source;
    this.buffer = null;
    URL.revokeObjectURL(this.url);
    this.url = URL.createObjectURL(source);
    this.audio.src = this.url;
    this.audio.currentTime = time;
    await new Promise((resolve) => source.addEventListener('sourceopen', resolve, { once: true }));
    if (this.source !== source) return;
    this.buffer = source.addSourceBuffer(this.type);
    this.buffer.addEventListener('updateend', () => this.pump());
    this.pump();
  }

  /** Whether the browser has stopped for lack of data. */
  get starved() {
    return this.audio.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
  }

  append(parts, end) {
    if (end !== undefined) this.reached = end;
    this.queue.push(new Blob(parts));
    this.pump();
  }

  /** No more fragments. */
  finish() {
    this.end = this.reached;
    this.queue.push(null);
    this.pump();
  }

  async pump() {
    const { buffer, source } = this;
    if (!buffer || buffer.updating || this.queue.length === 0 || this.busy) return;
    const behind = this.audio.currentTime - KEEP_BEHIND;
    if (buffer.buffered.length > 0 && buffer.buffered.start(0) < behind - KEEP_BEHIND) {
      buffer.remove(0, behind);
      return;
    }
    const part = this.queue.shift();
    if (part === null) {
      if (source.readyState === 'open') source.endOfStream();
      return;
    }
    this.busy = true;
    const bytes = await part.arrayBuffer();
    this.busy = false;
    if (this.source === source && source.readyState === 'open') buffer.appendBuffer(bytes);
  }

  /** Whether there is sound at `time` and for some seconds, or none is to come. */
  readyAt(time, seconds) {
    if (time >= this.end - 0.05) return true;
    const wanted = Math.min(time + seconds, this.end - 0.05);
    const ranges = this.audio.buffered;
    for (let i = 0; i < ranges.length; ++i) {
      // Sound may begin later than video does.
      const begins = i === 0 ? ranges.start(0) - 1 : ranges.start(i);
      if (time >= begins && wanted < ranges.end(i)) return true;
    }
    return false;
  }

  close() {
    this.source = null;
    this.audio.removeAttribute('src');
    this.audio.load();
    URL.revokeObjectURL(this.url);
  }
}
