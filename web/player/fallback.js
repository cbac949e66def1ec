// Playback of a variant that browsers decode themselves, with Playback's interface: for machines
// that are too slow for furl. Segments of MP4 are appended by Media Source Extensions; browsers
// that know HLS get the playlist.

import { parseMedia } from './playlist.js';
import { fetchOk } from './source.js';

const AHEAD = 12;  // seconds that are fetched ahead

const onceOf = (target, type) => new Promise((resolve) => {
  target.addEventListener(type, resolve, { once: true });
});

// Appends the segments of one playlist to one SourceBuffer.
class Appender {
  constructor(buffer, url, media) {
    this.buffer = buffer;
    this.url = url;
    this.media = media;
    this.at = 0;
    this.turn = 0;
  }

  async open() {
    const response = await fetchOk(this.url);
    this.list = parseMedia(await response.text(), response.url || this.url);
    if (this.list.init) await this.append(this.list.init);
  }

  async append({ url, range }) {
    const headers = range ? { Range: `bytes=${range.first}-${range.last}` } : {};
    const bytes = await (await fetchOk(url, { headers })).arrayBuffer();
    this.buffer.appendBuffer(bytes);
    await onceOf(this.buffer, 'updateend');
  }

  /** Fetches what is needed around the place that is played; true when all is there. */
  async fill() {
    const segment = this.list.segments[this.at];
    if (!segment) return true;
    if (segment.start > this.media.currentTime + AHEAD) return false;
    this.at += 1;
    await this.append(segment);
    return false;
  }

  seek(time) {
    const at = this.list.segments.findLastIndex((segment) => segment.start <= time);
    this.at = Math.max(0, at);
  }

  get duration() {
    const last = this.list.segments.at(-1);
    return last ? last.start + last.duration : 0;
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

  async open({ url, codecs, sound }) {
    const known = onceOf(this.video, 'loadedmetadata');
    try {
      await this.attach(url, codecs, sound);
    } catch (error) {
      this.fail(error.message);
      throw error;
    }
    await known;
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
        const all = this.appenders.every((a) => a.done && !a.buffer.updating);
        if (all && source.readyState === 'open') source.endOfStream();
        await new Promise((resolve) => { setTimeout(resolve, 100); });
      }
    } catch (error) {
      if (!this.closed) this.fail(error.message);
    }
  }

  fail(message) {
    if (this.closed) return;
    this.error = { message: message || 'the browser cannot play this', code: 'media' };
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
    this.video.removeAttribute('src');
    this.video.load();
  }
}
