// The player's looks, within its shadow root. Colours can be set by custom properties.

export const style = `
:host {
  --accent: var(--furl-accent, #ffb347);
  display: block; position: relative; overflow: hidden; background: #000; color: #fff;
  font: 14px/1.4 system-ui, sans-serif; aspect-ratio: var(--shape, 16 / 9);
  width: 100%; max-height: 100vh; user-select: none; -webkit-user-select: none; outline-offset: 2px;
}
:host([hidden]) { display: none; }
:host(:fullscreen) { aspect-ratio: auto; width: 100vw; height: 100vh; max-height: none; }
.stage { position: absolute; inset: 0; display: grid; place-items: center; container-type: size; }
.picture { width: 100%; height: 100%; object-fit: fill; }
.captions {
  position: absolute; left: 5%; right: 5%; bottom: 88px; text-align: center;
  white-space: pre-line; pointer-events: none;
  font-size: clamp(14px, 3.2cqi, 28px); text-shadow: 0 0 4px #000, 0 0 2px #000;
}
.message {
  position: absolute; inset: auto 0 50%; margin: 0 auto; width: fit-content; max-width: 86%;
  padding: .7em 1.1em; background: #000c; border-radius: 8px; overflow-wrap: anywhere;
}
.message.failed { border-left: 4px solid #ff5d5d; }
.bar {
  position: absolute; inset: auto 0 0; display: flex; flex-wrap: wrap; align-items: center;
  gap: .2em; padding: 1.6em .5em .35em; background: linear-gradient(transparent, #000c);
  transition: opacity .25s;
}
:host(.idle) .bar { opacity: 0; pointer-events: none; }
:host(.idle) { cursor: none; }
:host(.idle) .captions, :host([nocontrols]) .captions { bottom: 1em; }
:host([nocontrols]) .bar, :host([nocontrols]) .big { display: none; }
button, select {
  font: inherit; color: inherit; background: none; border: 0; border-radius: 6px; cursor: pointer;
  min-width: 40px; height: 40px; padding: 0 .3em; display: inline-grid; place-items: center;
}
button:hover, select:hover { background: #fff3; }
:focus-visible { outline: 2px solid var(--accent); }
select option { color: #000; }
button svg { width: 24px; height: 24px; fill: currentColor; }
button[aria-pressed="true"] { color: var(--accent); }
.time { font-variant-numeric: tabular-nums; padding: 0 .4em; white-space: nowrap; }
.space { flex: 1; }
input[type=range] { accent-color: var(--accent); height: 24px; margin: 0; cursor: pointer; }
.seek { flex-basis: 100%; width: 100%; }
.volume { width: 80px; }
.big {
  position: absolute; inset: 0; margin: auto; width: 84px; height: 84px; border-radius: 50%;
  background: #000a; border: 2px solid #fffa;
}
.big svg { width: 44px; height: 44px; }
.big[hidden], .busy[hidden], .message[hidden] { display: none; }
.busy {
  position: absolute; inset: 0; margin: auto; width: 48px; height: 48px; border-radius: 50%;
  border: 4px solid #fff4; border-top-color: var(--accent); animation: turn 1s linear infinite;
  pointer-events: none;
}
@keyframes turn { to { transform: rotate(1turn); } }
@media (prefers-reduced-motion: reduce) {
  .busy { animation-duration: 4s; }
  .bar { transition: none; }
}
:host(.narrow) .volume { display: none; }
`;
