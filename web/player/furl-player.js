// <furl-player src="video.mkv">: plays furl files in any page. docs/web.md says what it takes.
//
//   <script type="module" src="furl-player/furl-player.js"></script>
//   <furl-player src="holiday.mkv"></furl-player>

import { Captions } from './captions.js';
import { Controls } from './controls.js';
import { FallbackPlayback } from './fallback.js';
import { isPlaylist, openPackage } from './package.js';
import { Playback } from './playback.js';
import { createRenderer } from './renderer.js';
import { style } from './style.js';

const OWN_MODELS = new URL('./models/', import.meta.url).href;

export class FurlPlayer extends HTMLElement {
  static observedAttributes = ['src', 'muted'];

  #playback = null;
  #renderer = null;
  #rate = 1;
  #volume = 1;
  #qualities = [];
  #chosen = 0;
  #loads = 0;

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    root.innerHTML = `<style>${style}</style>
      <div class="stage" part="stage"><canvas class="picture"></canvas></div>
      <div class="captions" part="captions" aria-live="off"></div>
      <div class="message" part="message" role="status" hidden></div>`;
    this.captions = new Captions();
    this.controls = new Controls(this, root);
  }

  connectedCallback() {
    if (!this.hasAttribute('tabindex')) this.tabIndex = 0;
    if (this.src && !this.#playback) this.load(this.src);
  }

  disconnectedCallback() {
    this.#close();
  }

  attributeChangedCallback(name, before, now) {
    if (name === 'src' && this.isConnected && now && now !== before) this.load(this.src);
    if (name === 'muted') this.muted = now !== null;
  }

  /** Plays an address, a File or a Blob instead of what was there. */
  async load(what) {
    this.#close();
    const load = ++this.#loads;
    this.captions = new Captions();
    this.controls.showMessage(null);
    this.controls.setBusy(true);
    try {
      await this.#findQualities(what, load);
      if (load !== this.#loads) return;
      await this.#choose(0);
      if (load === this.#loads && this.hasAttribute('autoplay')) this.play();
    } catch (error) {
      // A playback has told of its errors itself.
      if (load !== this.#loads || this.error) return;
      this.#failed({ message: error.message, code: error.name });
    }
  }

  async #findQualities(what, load) {
    const address = what instanceof Blob ? what : new URL(what, document.baseURI).href;
    this.#qualities = [{ label: '', furl: true, what: address }];
    if (isPlaylist(what)) {
      const { qualities, texts } = await openPackage(address);
      if (load !== this.#loads) return;
      if (qualities.length === 0) throw new Error('this playlist names no video');
      this.#qualities = qualities;
      texts.forEach(({ name, language, url }) => this.#addTexts(name || language, url));
    }
    for (const track of this.querySelectorAll('track[src]')) {
      this.#addTexts(track.label || track.srclang || 'captions', track.src);
    }
  }

  #addTexts(label, url) {
    this.captions.addFile(label, url).then(() => this.controls.update('texttracks'), () => {});
  }

  // Opens a quality at the place where another one was.
  async #choose(index) {
    const { time = 0, paused = true } = this.#playback ?? {};
    this.#close();
    this.#chosen = index;
    const quality = this.#qualities[index];
    const callbacks = {
      draw: (picture) => this.#renderer.draw(picture),
      changed: (name) => playback === this.#playback && this.#changed(name),
      texts: (cue) => this.captions.add(cue.track, cue),
    };
    const playback = quality.furl ? new Playback(callbacks) : new FallbackPlayback(callbacks);
    this.#playback = playback;
    this.controls.setQualities(this.#qualities.map(({ label }) => label), index);
    const models = [this.getAttribute('models'), OWN_MODELS].filter(Boolean)
      .map((folder) => new URL(folder, document.baseURI).href);
    const threads = Number(this.getAttribute('threads')) || undefined;
    try {
      if (quality.furl) await playback.open(quality.what, { models, threads });
      else await playback.open(quality);
    } catch (error) {
      if (!error.base) throw error;  // else #playBase is at it
    }
    if (playback !== this.#playback) return;
    if (time > 0) playback.seek(time);
    if (!paused) playback.play();
  }

  // What furl adds can't be shown; the base alone can, where the browser plays such files.
  async #playBase({ error, resumes }) {
    const { what } = this.#qualities[this.#chosen];
    const base = { label: 'base', file: what, reason: error.message };
    this.#qualities.splice(this.#chosen + 1, 0, base);
    try {
      await this.#choose(this.#chosen + 1);
      this.controls.showNote(`the base alone: ${error.message}`);
      if (resumes) this.play();
    } catch { /* told by its event */ }
  }

  #close() {
    const playback = this.#playback;
    this.#playback = null;
    playback?.close();
  }

  #changed(name) {
    const playback = this.#playback;
    if (name === 'loadedmetadata') this.#setUp(playback);
    if (name === 'error' && playback.error.base) {
      this.#playBase(playback);
      return;
    }
    if (name === 'error') this.controls.showMessage(playback.error.message);
    if (name === 'slow') this.tooSlow();
    if (name === 'ended' && this.hasAttribute('loop')) queueMicrotask(() => this.play());
    this.#tell(name, playback.error);
  }

  #tell(name, detail = null) {
    this.controls.update(name);
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #failed(error) {
    this.#playback = { error, paused: true, close() {} };
    this.controls.showMessage(error.message);
    this.#tell('error', error);
  }

  #setUp(playback) {
    const { info } = playback;
    const old = this.shadowRoot.querySelector('.picture');
    const surface = playback.video ?? document.createElement('canvas');  // without a context yet
    surface.className = 'picture';
    old.replaceWith(surface);
    if (!playback.video) this.#renderer = createRenderer(surface, info);
    this.controls.setShape(info.aspect, info.turn);
    this.#sound();
    playback.rate = this.#rate;
    if (this.captions.tracks.length === 0) {
      info.texts.forEach(({ language, name }) => this.captions.addTrack(name || language));
    }
    if (info.silent) this.controls.showNote(`no sound: ${info.silent} does not play here`);
  }

  #sound() {
    const audio = this.#playback?.sound?.audio;
    if (!audio) return;
    audio.volume = this.#volume;
    audio.muted = this.muted;
  }

  get src() { return this.getAttribute('src') ?? ''; }
  set src(url) { this.setAttribute('src', url); }

  play() { this.#playback?.play?.(); }
  pause() { this.#playback?.pause?.(); }

  get paused() { return this.#playback?.paused ?? true; }
  get ended() { return this.#playback?.ended ?? false; }
  get duration() { return this.#playback?.duration ?? NaN; }
  get videoWidth() { return this.#playback?.info?.width ?? 0; }
  get videoHeight() { return this.#playback?.info?.height ?? 0; }
  get error() { return this.#playback?.error ?? null; }

  get currentTime() { return this.#playback?.time ?? 0; }
  set currentTime(time) { this.#playback?.seek?.(time); }

  get playbackRate() { return this.#rate; }
  set playbackRate(rate) {
    this.#rate = Math.max(0.25, Math.min(4, rate));
    if (this.#playback) this.#playback.rate = this.#rate;
    this.#tell('ratechange');
  }

  get volume() { return this.#volume; }
  set volume(volume) {
    this.#volume = Math.max(0, Math.min(1, volume));
    this.#sound();
    this.controls.update('volumechange');
  }

  get muted() { return this.hasAttribute('muted'); }
  set muted(muted) {
    if (muted !== this.hasAttribute('muted')) this.toggleAttribute('muted', muted);
    this.#sound();
    this.controls.update('volumechange');
  }

  /** The labels of what an HLS package has, and the place of what is played among them. */
  get qualities() { return this.#qualities.map(({ label }) => label); }
  get quality() { return this.#chosen; }
  set quality(index) {
    if (index === this.#chosen || !this.#qualities[index]) return;
    this.#choose(index).catch(() => {});  // told by its event
  }

  /** Goes on with the next quality, where there is one: pictures come too late. */
  tooSlow() {
    const next = this.#qualities[this.#chosen + 1];
    if (!next) return;
    this.quality = this.#chosen + 1;
    this.controls.showNote(`this machine is too slow, now in ${next.label}`);
  }

  /** Whether there is a sound track that plays here. */
  get hasSound() { return Boolean(this.#playback?.sound); }

  /** Where the pictures are and where the sound is, in seconds; without sound that is NaN. */
  get clocks() {
    return { time: this.currentTime, heard: this.#playback?.sound?.audio.currentTime ?? NaN };
  }

  /** Pictures shown and skipped since the video was opened, threads that decode. */
  get statistics() {
    const { shown = 0, skipped = 0, info } = this.#playback ?? {};
    return { shown, skipped, threads: info?.threads ?? 0 };
  }
}

if (!customElements.get('furl-player')) customElements.define('furl-player', FurlPlayer);
