// The time of a playback: that of the sound where there is some, else of a stop watch.

/** Runs by itself, at any rate. */
export class StopWatch {
  constructor(now = () => performance.now() / 1000) {
    this.now = now;
    this.base = 0;       // time at `since`
    this.since = null;   // null: it stands
    this.speed = 1;
  }

  get time() {
    return this.since === null ? this.base : this.base + (this.now() - this.since) * this.speed;
  }

  set time(time) {
    this.base = time;
    if (this.since !== null) this.since = this.now();
  }

  get rate() {
    return this.speed;
  }

  set rate(rate) {
    this.time = this.time;
    this.speed = rate;
  }

  start() {
    this.since ??= this.now();
  }

  stop() {
    this.time = this.time;
    this.since = null;
  }
}

/** The next pictures in order of time; what has been passed is given back uncounted. */
export class PictureQueue {
  constructor() {
    this.pictures = [];
  }

  get length() {
    return this.pictures.length;
  }

  push(picture) {
    this.pictures.push(picture);
  }

  clear() {
    this.pictures = [];
  }

  /** Takes what should be shown at `time` and all before it: {picture, taken}; the picture is null
   * where the one that is shown stays. */
  take(time) {
    let taken = 0;
    let picture = null;
    while (this.pictures.length > 0 && this.pictures[0].time <= time + 1e-4) {
      picture = this.pictures.shift();
      ++taken;
    }
    return { picture, taken };
  }
}
