// Playback of a variant that browsers decode themselves, with Playback's interface: for machines
// that are too slow for furl. Segments of MP4 are appended by Media Source Extensions; browsers
// that know HLS get the playlist. And of the base alone of a hybrid file, which is played as any
// file is.

import { LIVE_AHEAD, SegmentReader } from './segments.js';

const AHEAD = 12;        // seconds that are fetched ahead
const KEEP_BEHIND = 30;  // seconds that stay in the buffer behind the place that is shown

const onceOf = (target, type) => new Promise((resolve) => {
  target.addEventListener(type, resolve, { once: true });
});

// Appends the segments of one playlist to one SourceBuffer.
class Appender {
  constructor(buffer, url, media) {
    this.buffer = buffer;
    this.media = media;
    this.segments = new SegmentReader(url);
  }

  async open() {
    const init = await this.segments.open();
    if (init.length > 0) await this.append(init);
  }

  async append(bytes) {
    this.buffer.appendBuffer(bytes);
    await onceOf(this.buffer, 'updateend');
  }

  get live() {
    return !this.segments.list.ended;
  }

  /** Fetches what is needed around the place that is played; true when all is there. */
  async fill() {
    if (!this.live && this.segments.position > this.media.currentTime + AHEAD) {
      return this.segments.position === Infinity;
    }
    if (!await this.segments.hasNext()) return !this.live;
    const { init, bytes } = await this.segments.read();
    if (init) await this.append(init);
    await this.append(bytes);
    if (this.live) await this.forget();
    return false;
  }

  // A live stream has no end, and memory has one.
  async forget() {
    const { buffered } = this.buffer;
    const end = this.media.currentTime - KEEP_BEHIND;
    if (buffered.length === 0 || buffered.start(0) > end - KEEP_BEHIND) return;
    this.buffer.remove(0, end);
    await onceOf(this.buffer, 'updateend');
  }

  seek(time) {
    if (!this.live) this.segments.seek(time);
  }

  get duration() {
    return this.live ? Infinity : this.segments.duration;
  }

  get usual() {
    return this.segments.usual;
  }
}

export class FallbackPlayback {
  constructor({ changed }) {
    this.changed = changed;
    this.video = document.createElement('video');
    this.video.playsInline = true;
    this.sound = { audio: this.video, close: () => {} };
    this.error = null;
    this.info = null;
    for (const name of ['play', 'pause', 'playing', 'waiting', 'seeking', 'seeked', 'timeupdate',
                        'ended', 'durationchange']) {
      this.video.addEventListener(name, () => changed(name));
    }
    this.video.addEventListener('error', () => this.fail(this.video.error?.message));
  }

  /** A variant, or a `file` that is an address or a Blob; `reason`: why that is tried. */
  async open({ url, codecs, sound, file, reason }) {
    this.reason = reason;
    const known = onceOf(this.video, 'loadedmetadata');
    const refused = onceOf(this.video, 'error').then(() => {
      throw new Error(this.error.message);
    });
    try {
      if (file) this.video.src = file instanceof Blob ? URL.createObjectURL(file) : file;
      else await this.attach(url, codecs, sound);
    } catch (error) {
      this.fail(error.message);
      throw error;
    }
    await Promise.race([known, refused]);
    const { videoWidth: width, videoHeight: height } = this.video;
    this.info = { width, height, aspect: width / height, turn: 0, texts: [], threads: 0,
                  silent: null };
    this.changed('loadedmetadata');
  }

  async attach(url, codecs, sound) {
    const video = codecs.split(',').filter((c) => /^avc|^hvc|^hev|^av01|^vp/.test(c.trim())).join();
    const muxed = sound ? video : codecs;
    const type = `video/mp4; codecs="${muxed}"`;
    if (typeof MediaSource === 'undefined' || !MediaSource.isTypeSupported(type)) {
      this.video.src = url;  // Safari plays playlists itself
      return;
    }
    const source = new MediaSource();
    this.video.src = URL.createObjectURL(source);
    await onceOf(source, 'sourceopen');
    this.appenders = [new Appender(source.addSourceBuffer(type), url, this.video)];
    if (sound) {
      this.appenders.push(new Appender(source.addSourceBuffer(sound.type), sound.url, this.video));
    }
    await Promise.all(this.appenders.map((appender) => appender.open()));
    source.duration = Math.max(...this.appenders.map((appender) => appender.duration));
    this.appenders.forEach((appender) => this.feed(appender, source));
  }

  // Runs as long as the playback is there.
  async feed(appender, source) {
    try {
      while (!this.closed) {
        if (await appender.fill()) appender.done = true;
        if (appender.live) this.stayLive(appender.usual);
        const all = this.appenders.every((a) => a.done && !a.buffer.updating);
        if (all && source.readyState === 'open') source.endOfStream();
        await new Promise((resolve) => { setTimeout(resolve, 100); });
      }
    } catch (error) {
      if (!this.closed) this.fail(error.message);
    }
  }

  // Begins near the end of what is live, and stays there.
  stayLive(usual) {
    const { video } = this;
    const { buffered } = video;
    if (buffered.length === 0) return;
    const last = buffered.length - 1;
    const behind = buffered.end(last) - video.currentTime;
    const before = video.currentTime < buffered.start(last);
    if (before || behind > LIVE_AHEAD + 2 * usual) {
      video.currentTime = Math.max(buffered.start(last), buffered.end(last) - 1 - usual);
    }
  }

  fail(message) {
    if (this.closed) return;
    const words = [this.reason, message || 'the browser cannot play this'].filter(Boolean);
    this.error = { message: words.join('; '), code: 'media' };
    this.changed('error');
  }

  get time() { return this.video.currentTime; }
  get duration() { return this.video.duration; }
  get paused() { return this.video.paused; }
  get ended() { return this.video.ended; }
  get rate() { return this.video.playbackRate; }
  set rate(rate) { this.video.playbackRate = rate; }

  play() {
    this.video.play().catch(() => {
      this.video.muted = true;
      this.video.play().catch(() => {});
    });
  }

  pause() { this.video.pause(); }

  seek(time) {
    for (const appender of this.appenders ?? []) {
      appender.seek(time);
      appender.done = false;
    }
    this.video.currentTime = time;
  }

  close() {
    this.closed = true;
    if (this.video.src.startsWith('blob:')) URL.revokeObjectURL(this.video.src);
    this.video.removeAttribute('src');
    this.video.load();
  }
}
