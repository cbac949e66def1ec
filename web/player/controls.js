// Buttons, keys and messages of the player.

const ICONS = {
  play: 'M8 5v14l11-7z',
  pause: 'M6 5h4v14H6zm8 0h4v14h-4z',
  sound: 'M3 9v6h4l5 5V4L7 9zm13.5 3A4.5 4.5 0 0 0 14 8v8a4.5 4.5 0 0 0 2.5-4z',
  muted: 'M3 9v6h4l5 5V4L7 9zm11 1.4L15.4 9 17 10.6 18.6 9 20 10.4 18.4 12l1.6 1.6-1.4 1.4-1.6-1.6'
    + '-1.6 1.6-1.4-1.4 1.6-1.6z',
  captions: 'M3 5h18v14H3zm3 5v4h4v-1.5H7.6v-1H10V10zm7 0v4h4v-1.5h-2.4v-1H17V10z',
  full: 'M4 4h6v2H6v4H4zm10 0h6v6h-2V6h-4zM4 14h2v4h4v2H4zm14 0h2v6h-6v-2h4z',
};
const RATES = [0.5, 0.75, 1, 1.25, 1.5, 2];
const IDLE_MS = 2500;

const icon = (name) =>
  `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;

/** 61.2 as 1:01. */
export function clockText(seconds) {
  if (!Number.isFinite(seconds)) return '–:––';
  const whole = Math.floor(seconds + 1e-6);
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((n) => String(n).padStart(2, '0'));
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${parts.join(':')}` : `${Number(parts[0])}:${parts[1]}`;
}

const MARKUP = `
<button class="big" aria-label="Play">${icon('play')}</button>
<div class="busy" role="progressbar" aria-label="Loading" hidden></div>
<div class="bar">
  <input class="seek" type="range" min="0" max="1000" step="1" value="0" aria-label="Position">
  <button class="play"></button>
  <button class="mute"></button>
  <input class="volume" type="range" min="0" max="1" step="0.05" value="1" aria-label="Volume">
  <span class="time">0:00</span>
  <span class="space"></span>
  <button class="captions-button" aria-label="Captions (c)">${icon('captions')}</button>
  <select class="quality" aria-label="Quality"></select>
  <select class="rate" aria-label="Speed">
    ${RATES.map((rate) => `<option value="${rate}">${rate}×</option>`).join('')}
  </select>
  <button class="full" aria-label="Full screen (f)">${icon('full')}</button>
</div>`;

export class Controls {
  constructor(player, root) {
    this.player = player;
    this.root = root;
    const template = document.createElement('template');
    template.innerHTML = MARKUP;
    root.append(template.content);
    for (const name of ['seek', 'play', 'mute', 'volume', 'time', 'captions-button', 'quality',
                        'rate', 'full', 'big', 'busy', 'captions', 'message', 'stage']) {
      this[name] = root.querySelector(`.${name}`);
    }
    this.captionsButton = this['captions-button'];
    this.setQualities([], 0);
    this.listen();
    this.update('');
    new ResizeObserver(([entry]) => {
      player.classList.toggle('narrow', entry.contentRect.width < 520);
    }).observe(player);
  }

  listen() {
    const { player } = this;
    const on = (target, type, act) => target.addEventListener(type, act);
    for (const target of [this.big, this.play, this.stage]) {
      on(target, 'click', () => this.toggle());
    }
    on(this.stage, 'dblclick', () => this.toggleFull());
    on(this.mute, 'click', () => { player.muted = !player.muted; });
    on(this.volume, 'input', () => { player.volume = Number(this.volume.value); });
    on(this.seek, 'input', () => this.seekTo(Number(this.seek.value) / 1000));
    on(this.rate, 'change', () => { player.playbackRate = Number(this.rate.value); });
    on(this.quality, 'change', () => { player.quality = Number(this.quality.value); });
    on(this.captionsButton, 'click', () => this.nextCaptions());
    on(this.full, 'click', () => this.toggleFull());
    on(player, 'keydown', (event) => this.key(event));
    for (const type of ['pointermove', 'pointerdown', 'keydown', 'focusin']) {
      on(player, type, () => this.wake());
    }
    on(player, 'dragover', (event) => event.preventDefault());
    on(player, 'drop', (event) => {
      event.preventDefault();
      if (event.dataTransfer.files[0]) player.load(event.dataTransfer.files[0]);
    });
  }

  toggle() {
    if (this.player.paused) this.player.play();
    else this.player.pause();
  }

  toggleFull() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.player.requestFullscreen?.();
  }

  seekTo(part) {
    if (this.player.duration > 0) this.player.currentTime = part * this.player.duration;
  }

  nextCaptions() {
    const { captions } = this.player;
    captions.chosen = captions.chosen + 1 < captions.tracks.length ? captions.chosen + 1 : -1;
    const label = captions.tracks[captions.chosen]?.label;
    this.showNote(label ? `captions: ${label}` : 'captions off');
    this.update('texttracks');
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const inField = /^(INPUT|SELECT)$/.test(event.composedPath()[0].tagName ?? '');
    const { player } = this;
    const by = (seconds) => { player.currentTime = player.currentTime + seconds; };
    const rate = (step) => {
      const at = RATES.findIndex((r) => r >= player.playbackRate - 1e-3) + step;
      player.playbackRate = RATES[Math.max(0, Math.min(RATES.length - 1, at))];
    };
    const keys = {
      ' ': () => this.toggle(), k: () => this.toggle(), f: () => this.toggleFull(),
      m: () => { player.muted = !player.muted; }, c: () => this.nextCaptions(),
      j: () => by(-10), l: () => by(10), ',': () => by(-1 / 25), '.': () => by(1 / 25),
      ArrowLeft: () => by(-5), ArrowRight: () => by(5), Home: () => this.seekTo(0),
      End: () => this.seekTo(1), '<': () => rate(-1), '>': () => rate(1),
      ArrowUp: () => { player.volume += 0.1; }, ArrowDown: () => { player.volume -= 0.1; },
    };
    const act = /^[0-9]$/.test(event.key) ? () => this.seekTo(Number(event.key) / 10)
                                          : keys[event.key];
    const onButton = event.composedPath()[0].tagName === 'BUTTON' && event.key === ' ';
    if (!act || onButton || (inField && /^Arrow|^Home|^End/.test(event.key))) return;
    event.preventDefault();
    act();
  }

  // Controls hide while a video plays and nobody moves.
  wake() {
    this.player.classList.remove('idle');
    clearTimeout(this.idle);
    this.idle = setTimeout(() => {
      if (!this.player.paused) this.player.classList.add('idle');
    }, IDLE_MS);
  }

  setBusy(busy) {
    this.busy.hidden = !busy;
  }

  /** A lasting message of what is wrong; null takes it away. */
  showMessage(text) {
    this.message.hidden = text === null;
    this.message.className = 'message failed';
    this.message.textContent = text ?? '';
    if (text !== null) this.setBusy(false);
  }

  /** Some words for two seconds. */
  showNote(text) {
    if (this.message.classList.contains('failed') && !this.message.hidden) return;
    this.message.className = 'message';
    this.message.hidden = false;
    this.message.textContent = text;
    clearTimeout(this.note);
    this.note = setTimeout(() => {
      if (!this.message.classList.contains('failed')) this.message.hidden = true;
    }, 2000);
  }

  /** The pictures' width by their height, and quarter turns clockwise until they are upright. */
  setShape(aspect, turn) {
    const { style } = this.root.querySelector('.picture');
    const lying = turn % 2 !== 0;
    const [width, height] = lying ? ['100cqh', '100cqw'] : ['100cqw', '100cqh'];
    style.transform = turn ? `rotate(${turn * 90}deg)` : '';
    style.width = `min(${width}, ${height} * ${aspect})`;
    style.height = `min(${height}, ${width} / ${aspect})`;
    this.player.style.setProperty('--shape', String(lying ? 1 / aspect : aspect));
  }

  setQualities(names, chosen) {
    this.quality.innerHTML = '';
    names.forEach((name, i) => this.quality.add(new Option(name, i, false, i === chosen)));
    this.quality.hidden = names.length < 2;
    this.quality.style.display = names.length < 2 ? 'none' : '';
  }

  update(name) {
    const { player } = this;
    if (name === 'waiting' || name === 'seeking') this.setBusy(true);
    if (name === 'playing' || name === 'seeked' || name === 'pause') this.setBusy(false);
    if (name === 'pause' || name === 'play') this.wake();
    this.play.innerHTML = icon(player.paused ? 'play' : 'pause');
    this.play.setAttribute('aria-label', player.paused ? 'Play (k)' : 'Pause (k)');
    this.big.hidden = !player.paused || player.currentTime > 0 || Boolean(player.error);
    const silent = player.muted || player.volume === 0;
    this.mute.innerHTML = icon(silent ? 'muted' : 'sound');
    this.mute.setAttribute('aria-label', silent ? 'Sound on (m)' : 'Sound off (m)');
    this.volume.value = player.volume;
    this.rate.value = player.playbackRate;
    const { captions } = player;
    this.captionsButton.style.display = captions?.tracks.length > 0 ? '' : 'none';
    this.captionsButton.setAttribute('aria-pressed', String(captions?.chosen >= 0));
    this.showTime();
  }

  showTime() {
    const { currentTime, duration, captions } = this.player;
    this.time.textContent = `${clockText(currentTime)} / ${clockText(duration)}`;
    const dragged = this.seek.matches(':active');
    if (duration > 0 && !dragged) this.seek.value = 1000 * currentTime / duration;
    const text = captions?.textAt(currentTime) ?? '';
    if (this.captions.textContent !== text) this.captions.textContent = text;
  }
}
