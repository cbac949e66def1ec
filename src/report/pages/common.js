// What both pages use: elements, tables, and plots drawn by uPlot.
"use strict";

// An element. `attributes` are set as such; functions become listeners.
// Children that are text stay text, whatever they hold.
function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(key, value);
    else if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(key, value === true ? "" : value);
    }
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const byId = (id) => document.getElementById(id);
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// Numbers with a fixed count of digits behind the point; "–" where there is none.
function fixed(value, digits) {
  return typeof value === "number" && isFinite(value) ? value.toFixed(digits) : "–";
}
// About four digits, for rates and speeds of any size.
function compact(value) {
  if (typeof value !== "number" || !isFinite(value)) return "–";
  if (value === 0) return "0";
  const digits = Math.max(0, Math.min(6, 3 - Math.floor(Math.log10(Math.abs(value)))));
  return value.toLocaleString("en", { maximumFractionDigits: digits, useGrouping: value >= 10000 });
}
// Decibels with two digits, similarities, which crowd below 1, with five.
const score = (value, unit) => fixed(value, unit === "dB" ? 2 : unit === "" ? 5 : 2);

function clock(seconds) {
  const ms = Math.max(0, Math.round(seconds * 1000));
  const s = Math.floor(ms / 1000);
  const two = (n) => String(n).padStart(2, "0");
  const head = s >= 3600 ? Math.floor(s / 3600) + ":" + two(Math.floor(s / 60) % 60)
                         : String(Math.floor(s / 60));
  return head + ":" + two(s % 60) + "." + String(ms % 1000).padStart(3, "0");
}

function megabytes(bytes) {
  return bytes < 1e6 ? Math.ceil(bytes / 1000) + " kB" : (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0) + " MB";
}

// "1 frame", "2 frames"
const count = (n, thing) => n + " " + thing + (n === 1 ? "" : "s");

// A table; the first cell of each row is its heading. Cells are text or
// {text, class, title}. Rows may be arrays or {cells, class}.
function table(caption, heads, rows) {
  const cell = (value, name, scope) => {
    const c = typeof value === "object" && value !== null ? value : { text: value };
    // Long names may break where their words do.
    const parts = String(c.text).split(/(?<=[_.-])(?=[A-Za-z0-9])/);
    return el(name, { class: c.class, title: c.title, scope },
              ...(scope === "row" ? parts.flatMap((t, i) => (i ? [el("wbr"), t] : [t])) : [c.text]));
  };
  const body = rows.map((row) => {
    const cells = Array.isArray(row) ? row : row.cells;
    return el("tr", { class: row.class },
              ...cells.map((c, i) => (i === 0 ? cell(c, "th", "row") : cell(c, "td"))));
  });
  // Wide tables scroll; a <caption> would be as wide and scroll with them.
  return el("div", {}, el("div", { class: "caption", "aria-hidden": "true" }, caption),
            el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
               el("table", { "aria-label": caption },
                  el("thead", {}, el("tr", {}, ...heads.map((h) => cell(h, "th", "col")))),
                  el("tbody", {}, ...body))));
}

// Buttons of which one is pressed. `choices` are [value, label].
function choice(label, choices, value, changed) {
  const buttons = choices.map(([key, text]) =>
    el("button", { type: "button", "data-value": key, click: () => set(key, true) }, text));
  function set(key, tell) {
    buttons.forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.value === key)));
    if (tell) changed(key);
  }
  set(value, false);
  const group = el("span", { class: "group", role: "group", "aria-label": label }, ...buttons);
  group.set = (key) => set(key, true);
  return group;
}

function select(label, choices, value, changed) {
  const list = el("select", { change: () => changed(list.value) },
                  ...choices.map(([key, text]) => el("option", { value: key }, text)));
  list.value = value;
  return el("label", {}, label, list);
}

// Colour and dash of the n-th series; dashes tell apart what colours can't. Ten colours and
// eight dashes: forty series that differ.
const seriesVar = (n) => "--s" + (n % 10);
const seriesColor = (n) => css(seriesVar(n));
const seriesDash = (n) => [[], [8, 4], [2, 3], [10, 3, 2, 3], [5, 5], [14, 4], [2, 6], [6, 2]][n % 8];

function swatch(n) {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("width", "26");
  svg.setAttribute("height", "10");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(ns, "line");
  for (const [k, v] of Object.entries({ x1: 0, x2: 26, y1: 5, y2: 5 })) line.setAttribute(k, v);
  line.setAttribute("style", "stroke:var(" + seriesVar(n) + ");stroke-width:3;stroke-dasharray:" +
                    seriesDash(n).join(" "));
  svg.append(line);
  return svg;
}

function axis(label, more = {}) {
  return { label, stroke: css("--soft"), font: "12px system-ui, sans-serif",
           labelFont: "13px system-ui, sans-serif", labelSize: 22,
           grid: { stroke: css("--grid"), width: 1 }, ticks: { stroke: css("--line"), width: 1 },
           ...more };
}

// The axis of a logarithmic scale "x": close around the values, marked at 1, 2 and
// 5 of every decade where there is room, else at 1.
const logScale = { time: false, distr: 3, range: (u, min, max) => [min / 1.2, max * 1.2] };
function logAxis(label) {
  const marks = (u, i, min, max) => {
    const all = [];
    for (let decade = Math.floor(Math.log10(min)); Math.pow(10, decade) <= max; decade++) {
      for (let head = 1; head < 10; head++) {
        const mark = Number((head * Math.pow(10, decade)).toPrecision(2));
        if (mark >= min && mark <= max) all.push(mark);
      }
    }
    return all;
  };
  const named = (u, marked) => {
    const { min, max } = u.scales.x;
    const room = (u.width - 90) / Math.log10(max / min);  // pixels per decade
    const heads = room > 450 ? [1, 2, 3, 4, 5, 6, 7, 8] : room > 150 ? [1, 2, 5]
                : room > 84 ? [1, 3] : [1];
    return marked.map((m) => heads.includes(Number(String(m).replace(/[.0]/g, ""))) ? m : null);
  };
  return axis(label, { splits: marks, filter: named, size: 36,
                       values: (u, all) => all.map((m) => (m === null ? null : compact(m))) });
}

// A plot of uPlot in `holder`, whose width it follows. `options` and `data` are
// uPlot's. `describe(series, index)` gives the lines of text shown beside the
// point next to the pointer. Returns the plot with `destroyAll`.
function plot(holder, options, data, describe) {
  const tip = el("div", { class: "tip", hidden: true });
  const dot = el("div", { class: "dot", hidden: true });
  const width = () => Math.max(240, Math.floor(holder.clientWidth));
  const nearest = (u) => {
    const { left, top } = u.cursor;
    let best = null;
    if (left < 0) return best;
    u.series.forEach((s, i) => {
      if (i === 0 || !s.show) return;
      const scale = s.scale || "y";
      u.data[i].forEach((y, k) => {
        if (y === null || y === undefined) return;
        const px = u.valToPos(u.data[0][k], "x");
        const py = u.valToPos(y, scale);
        const away = Math.hypot(px - left, py - top);
        if (best === null || away < best.away) best = { series: i, index: k, px, py, away };
      });
    });
    return best;
  };
  const show = (u) => {
    const near = nearest(u);
    tip.hidden = dot.hidden = near === null;
    if (near === null) return;
    const lines = describe(near.series, near.index);
    tip.replaceChildren(...lines.map((t, i) => el("div", {}, i === 0 ? el("b", {}, t) : t)));
    const x = u.over.offsetLeft + near.px;
    const y = u.over.offsetTop + near.py;
    dot.style.left = x + "px";
    dot.style.top = y + "px";
    const right = x > holder.clientWidth / 2;
    tip.style.left = Math.max(0, right ? x - tip.offsetWidth - 12 : x + 12) + "px";
    tip.style.top = Math.max(0, y - tip.offsetHeight - 10) + "px";
  };
  // Room for half a label at the right end of the axis.
  const u = new uPlot({ padding: [null, 20, null, null], ...options, width: width(),
                        legend: { show: false },
                        cursor: { y: false, drag: { x: false, y: false }, ...options.cursor },
                        hooks: { ...options.hooks, setCursor: [show] } }, data, holder);
  holder.append(dot, tip);
  const watch = new ResizeObserver(() => {
    if (width() !== u.width) u.setSize({ width: width(), height: options.height });
  });
  watch.observe(holder);
  u.destroyAll = () => { watch.disconnect(); u.destroy(); tip.remove(); dot.remove(); };
  return u;
}

// A ramp from dark blue over red and yellow to white, rising in lightness.
const rampStops = [[0, 8, 24, 58], [0.25, 110, 20, 110], [0.5, 215, 48, 39], [0.75, 253, 174, 60],
               [1, 255, 255, 235]];
function rampColor(t) {
  let i = 1;
  while (i < rampStops.length - 1 && rampStops[i][0] < t) i++;
  const [a, b] = [rampStops[i - 1], rampStops[i]];
  const f = (Math.min(Math.max(t, 0), 1) - a[0]) / (b[0] - a[0]);
  return [1, 2, 3].map((c) => Math.round(a[c] + f * (b[c] - a[c])));
}

// Draws again when light turns dark: canvases don't know CSS.
function onThemeChange(redraw) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}
