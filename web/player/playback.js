// Playback: a worker that decodes, sound, a clock, and pictures handed to a renderer when it is
// their time. It knows nothing of buttons.
//
//   const playback = new Playback({ draw, changed, texts });
//   await playback.open(what, { models, threads });
//   playback.play(); playback.seek(12.5); playback.rate = 1.5; playback.close();
//
// `changed(name)` is called for: loadedmetadata, durationchange, play, pause, waiting, playing,
// seeking, seeked, timeupdate, ended, error, slow.

import { PictureQueue, StopWatch } from './clock.js';
import { Sound, soundTypes } from './sound.js';

const ROOM = 12;              // pictures that wait to be shown, at most
const ENOUGH = 4;             // with these playback goes on after waiting
const SOUND_ENOUGH = 0.3;     // and with so many seconds of sound
const START_MS = 500;         // in which sound has to begin
const SLOW_WAITS = 3;         // so many times in SLOW_SECONDS: the machine is too slow
const SLOW_SECONDS = 12;
const SOUND_TYPES = ['audio/webm; codecs="opus"', 'audio/webm; codecs="vorbis"',
                     'audio/mp4; codecs="mp4a.40.2"', 'audio/mp4; codecs="mp4a.40.5"',
                     'audio/mp4; codecs="mp4a.40.29"'];

/** How many threads to decode with: one where memory can't be shared. */
export function defaultThreads() {
  if (!globalThis.crossOriginIsolated) return 1;
  return Math.max(1, Math.min(navigator.hardwareConcurrency ?? 1, 8));
}

export class Playback {
  constructor({ draw, changed, texts }) {
    this.draw = draw;
    this.changed = changed;
    this.texts = texts;
    this.watch = new StopWatch();
    this.queue = new PictureQueue();
    this.serial = 0;
    this.paused = true;
    this.waiting = true;   // for pictures or sound
    this.ended = false;
    this.duration = NaN;
    this.shown = 0;
    this.skipped = 0;      // pictures that came too late
    this.waits = [];
    this.error = null;
  }

  /** Resolves when pictures can be shown, rejects with what went wrong. */
  open(what, { models, threads = defaultThreads() }) {
    this.worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    const opened = new Promise((resolve, reject) => {
      this.worker.onmessage = ({ data }) => {
        if (data.ready) resolve();
        if (data.failed) reject(Object.assign(new Error(data.failed.message), data.failed));
        this.take(data);
      };
      this.worker.onerror = (event) => {
        const failed = { message: event.message || 'the decoder stopped', code: 'worker' };
        reject(new Error(failed.message));
        this.take({ failed });
      };
    });
    this.worker.postMessage({ open: { what, models, threads, types: soundTypes(SOUND_TYPES) } });
    return opened.then(() => this.restart(this.info.live ? Infinity : 0));
  }

  take(data) {
    if (data.failed) return this.fail(data.failed);
    if (data.info) return this.takeInfo(data.info);
    if (data.duration !== undefined) return this.takeDuration(data.duration);
    if (data.serial !== this.serial) return;
    if (data.picture) this.queue.push(data.picture);
    if (data.sound) this.sound.append(data.sound, data.soundEnd);
    if (data.texts) this.texts(data.texts);
    if (data.soundOver) this.sound?.finish();
    if (data.edge !== undefined) this.live = { edge: data.edge, farthest: data.farthest };
    if (data.ended) this.lastCame = true;
  }

  fail(failed) {
    this.error = failed;
    this.resumes = !this.paused;
    this.pause();
    this.changed('error');
  }

  takeInfo(info) {
    this.info = info;
    if (info.sound) this.sound = new Sound(info.sound);
    this.changed('loadedmetadata');
    this.takeDuration(info.duration);
  }

  takeDuration(duration) {
    if (!(duration > 0) || duration === this.duration) return;
    this.duration = duration;
    this.changed('durationchange');
  }

  get time() {
    return this.watch.time;
  }

  get rate() {
    return this.watch.rate;
  }

  set rate(rate) {
    this.watch.rate = rate;
    if (this.sound) this.sound.audio.playbackRate = rate;
  }

  play() {
    if (!this.paused) return;
    this.paused = false;
    if (this.ended) this.seek(0);
    else this.catchUp();
    this.changed('play');
    this.run();
  }

  pause() {
    if (this.paused) return;
    this.paused = true;
    this.halt();
    this.changed('pause');
  }

  seek(time) {
    if (this.error || !this.info) return;
    const end = this.duration > 0 ? this.duration : Infinity;
    this.changed('seeking');
    this.restart(Math.max(0, Math.min(time, end)));
  }

  // What is live goes on while nobody looks, or while playback waits.
  catchUp() {
    const { live } = this;
    if (!live || this.seeking || live.edge - this.time < live.farthest) return false;
    this.changed('seeking');
    this.restart(Infinity);
    return true;
  }

  // Decoding begins anew at `time`; its picture is shown also where playback is paused.
  restart(time) {
    const place = Number.isFinite(time) ? time : 0;
    this.serial += 1;
    this.queue.clear();
    this.halt();
    this.watch.time = place;
    this.waiting = true;
    this.ended = false;
    this.lastCame = false;
    this.lastEnd = place;
    this.live = null;
    this.seeking = true;
    this.sound?.restart(place);
    if (this.sound) this.rate = this.watch.rate;
    this.worker.postMessage({ play: { serial: this.serial, time, credit: ROOM } });
    this.run();
  }

  // The clock stands.
  halt() {
    this.watch.stop();
    this.sound?.audio.pause();
  }

  run() {
    this.frame ??= requestAnimationFrame(() => this.tick());
  }

  tick() {
    this.frame = null;
    if (this.closed || this.error) return;
    if (this.seeking) this.showFirst();
    if (!this.paused) this.advance();
    if (!this.paused || this.seeking) this.run();
  }

  // The picture of the place that playback was sent to.
  showFirst() {
    if (this.queue.length === 0 && !this.lastCame) return;
    const first = this.queue.pictures[0];
    if (first) {
      this.watch.time = Math.max(this.watch.time, first.time);
      this.show(this.watch.time);
    }
    this.seeking = false;
    this.changed('seeked');
  }

  advance() {
    if (this.waiting && !this.goOn()) return;
    if (this.catchUp()) return;
    this.followSound();
    const time = this.watch.time;
    this.show(time);
    if (this.queue.length === 0 && this.lastCame && time >= this.lastEnd) return this.finish();
    // The picture that is shown has had its time and the next isn't there.
    if (this.queue.length === 0 && !this.lastCame && time > this.lastEnd + 0.05) this.wait();
    if (performance.now() - (this.told ?? 0) > 250) {
      this.told = performance.now();
      this.changed('timeupdate');
    }
  }

  // Starts the clock when there is enough. False as long as there isn't.
  goOn() {
    const pictures = this.queue.length >= ENOUGH || this.lastCame;
    if (!pictures || this.sound?.readyAt(this.watch.time, SOUND_ENOUGH) === false) return false;
    this.waiting = false;
    this.startClock();
    this.changed('playing');
    return true;
  }

  startClock() {
    const { sound, watch } = this;
    this.started = { time: watch.time, at: performance.now() };
    if (sound && watch.time < sound.end) {
      if (Math.abs(sound.audio.currentTime - watch.time) > 0.02) {
        sound.audio.currentTime = watch.time;
      }
      sound.audio.play().catch(() => this.startedWithout());
    }
    watch.start();
  }

  // The browser wants a click before there is sound: show the pictures without.
  startedWithout() {
    if (this.sound.audio.muted) return;
    this.sound.audio.muted = true;
    this.changed('volumechange');
    if (!this.paused && !this.waiting) this.sound.audio.play().catch(() => {});
  }

  // The watch is set by the sound, which is what ears notice.
  followSound() {
    const { sound, watch } = this;
    if (!sound || sound.audio.paused || sound.audio.ended) return;
    const heard = sound.audio.currentTime;
    const { time, at } = this.started;
    const begun = performance.now() - at > START_MS;
    if (heard <= time) {
      // It takes the browser a moment to begin, or sound begins later than the video.
      if (!begun) watch.time = time;
    } else if (Math.abs(heard - watch.time) > 0.02) {
      watch.time = heard;
    }
    if (!sound.readyAt(watch.time, 0.05)) this.wait();
    else if (begun && sound.starved && watch.time < sound.end - 0.2) this.wait();
  }

  wait() {
    if (this.waiting) return;
    this.waiting = true;
    this.halt();
    this.changed('waiting');
    const now = performance.now() / 1000;
    this.waits = [...this.waits.filter((at) => now - at < SLOW_SECONDS), now];
    if (this.waits.length >= SLOW_WAITS) {
      this.waits = [];
      this.changed('slow');
    }
  }

  show(time) {
    const { picture, taken } = this.queue.take(time);
    if (!picture) return;
    this.draw(picture);
    this.shown += 1;
    this.skipped += taken - 1;
    this.lastEnd = picture.time + picture.duration;
    this.worker.postMessage({ credit: taken });
  }

  finish() {
    this.paused = true;
    this.ended = true;
    this.halt();
    this.changed('timeupdate');
    this.changed('pause');
    this.changed('ended');
  }

  close() {
    this.closed = true;
    this.halt();
    this.worker?.terminate();
    this.sound?.close();
  }
}
