// The report of furl eval: curves, BD-rates, speed. What does not change with the
// metric is in report_pictures.js.
"use strict";
(() => {
  const data = JSON.parse(byId("data").textContent);
  const codecs = data.codecs;
  const state = { score: data.scores[0].column, rate: "bitrate_kbps", anchor: data.anchor,
                  hidden: new Set(), large: null };
  const scoreOf = (column) => data.scores.find((s) => s.column === column);
  const rateName = { bitrate_kbps: "kbit/s", bpp: "bits per pixel" };
  const codecIndex = (name) => codecs.findIndex((c) => c.name === name);

  // What curves show: similarities crowd below 1, so their distance from it.
  function quality(column, value) {
    if (value === null || value === undefined) return null;
    if (!scoreOf(column).similarity) return value;
    return value >= 1 - 1e-10 ? 100 : -10 * Math.log10(1 - value);
  }
  function scoreTitle(s) {
    return s.similarity ? s.title + ", dB" : s.title + (s.unit ? ", " + s.unit : "");
  }

  // --- curves ---------------------------------------------------------------

  // The points of every codec that is shown on `clip` (null: the average), rates rising.
  function curves(clip) {
    return codecs.map((codec) => {
      if (state.hidden.has(codec.name)) return [];
      let rates, scores, levels;
      if (clip === null) {
        const mean = average() && average().codecs[codec.name];
        [rates, scores, levels] = mean ? [mean[state.rate], mean.score, []] : [];
      } else {
        const source = codec.clips[clip];
        [rates, scores, levels] = source ? [source.columns[state.rate],
          source.columns[state.score], source.levels] : [];
      }
      if (!rates || !scores) return [];
      return rates.map((rate, i) => ({ rate, score: scores[i], level: levels[i] ?? null }))
        .filter((p) => p.rate !== null && p.score !== null).sort((a, b) => a.rate - b.rate);
    });
  }
  const average = () => data.average[state.score];

  let plots = [];
  function drawPlots() {
    plots.forEach((p) => p.destroyAll());
    plots = [];
    const holder = byId("plots");
    holder.replaceChildren();
    if (average()) {
      const clips = average().clips.length;
      drawPlot(holder, "Average of " + clips + (clips < data.clips.length
        ? " of " + data.clips.length : "") + " clips", null, 380, "Geometric mean of the rates at " +
        "equal qualities, over the range that all codecs share on each clip; interpolated as for " +
        "BD-rate.");
    }
    data.clips.forEach((clip) => drawPlot(holder, clip, clip,
      data.clips.length === 1 || clip === state.large ? 380 : 260, ""));
    byId("db-note").hidden = !scoreOf(state.score).similarity;
  }

  // One clip at a time gets the whole width.
  function enlargePlot(clip) {
    state.large = clip === state.large ? null : clip;
    drawPlots();
    const button = document.querySelector('#plots [data-clip="' + CSS.escape(clip) + '"]');
    button.focus({ preventScroll: true });
    button.closest(".card").scrollIntoView({ block: "nearest" });
  }

  function sizeButton(clip) {
    if (clip === null || data.clips.length === 1) return null;
    const large = clip === state.large;
    return el("button", { type: "button", class: "size", "data-clip": clip, "aria-pressed": String(large),
      "aria-label": "Enlarge the plot of " + clip, click: () => enlargePlot(clip) },
      large ? "Smaller" : "Larger");
  }

  function drawPlot(parent, title, clip, height, note) {
    const lines = curves(clip);
    const place = el("div", { class: "plot", role: "img",
      "aria-label": "Curves of " + title + "; the numbers are in the tables below" });
    parent.append(el("div", { class: "card" + (height > 300 ? " wide" : "") },
      el("div", { class: "head" }, el("h3", {}, title), sizeButton(clip)),
      note ? el("p", { class: "soft small" }, note) : null, place));
    const s = scoreOf(state.score);
    const joined = uPlot.join(lines.map((points) =>
      [points.map((p) => p.rate), points.map((p) => quality(state.score, p.score))]));
    const u = plot(place, {
      height,
      scales: { x: logScale },
      cursor: { drag: { x: true, y: true } },
      series: [{}, ...codecs.map((c, i) => ({ label: c.name, stroke: seriesColor(i),
        dash: seriesDash(i), width: 2, spanGaps: true,
        points: { show: true, size: 6, fill: seriesColor(i), space: 0 } }))],
      axes: [logAxis(rateName[state.rate]),
             axis(scoreTitle(s), { size: 48 })],
    }, joined, (series, index) => {
      const codec = codecs[series - 1];
      const point = lines[series - 1].find((p) => p.rate === joined[0][index]);
      return [codec.name, compact(point.rate) + " " + rateName[state.rate],
        s.title + " " + score(point.score, s.unit) + (s.unit ? " " + s.unit : ""),
        point.level === null ? "" : codec.level_name + " " + point.level].filter((t) => t !== "");
    });
    plots.push(u);
  }

  function toggleCodec(name, button) {
    if (state.hidden.has(name)) state.hidden.delete(name);
    else state.hidden.add(name);
    button.setAttribute("aria-pressed", String(!state.hidden.has(name)));
    drawPlots();
    drawNumbers();
    drawSpeed();
  }

  function drawNumbers() {
    const details = byId("numbers");
    [...details.children].slice(1).forEach((c) => c.remove());
    if (!details.open) return;
    const s = scoreOf(state.score);
    for (const clip of average() ? [null, ...data.clips] : data.clips) {
      const rows = curves(clip).flatMap((points, i) => points.map((p) => [codecs[i].name,
        p.level === null ? "–" : codecs[i].level_name + " " + p.level, compact(p.rate),
        score(p.score, s.unit)]));
      details.append(table(clip === null ? "Average" : clip,
        ["codec", "level", rateName[state.rate], s.title], rows));
    }
  }

  // --- BD-rate --------------------------------------------------------------

  const bdOf = (codec) => {
    const table = data.bd[state.score];
    return table && table[state.anchor] ? table[state.anchor][codec] : undefined;
  };
  const signed = (v, digits) => (v > 0 ? "+" : v < 0 ? "−" : "") + Math.abs(v).toFixed(digits);

  // Of what curves are made of: similarities become decibels.
  const qualityUnit = (s) => (s.similarity || s.unit === "dB" ? "dB" : "points");

  function bdCell(cell, digits) {
    if (cell === undefined) return { text: "not run", class: "none" };
    if (typeof cell === "string") return { text: "none", class: "none", title: cell };
    return { text: signed(cell[0], digits), class: cell[0] < 0 ? "good" : cell[0] > 0 ? "bad" : "",
      title: "over " + fixed(cell[1], 2) + " to " + fixed(cell[2], 2) + " " +
             qualityUnit(scoreOf(state.score)) + ", " +
             Math.round(cell[3] * 100) + " % of the shorter curve; " + cell[4] + " and " + cell[5] +
             " points" };
  }

  // "+1.2", and of how many clips where some are missing.
  function bdMean(mean, clips, digits) {
    if (!mean || mean.value === null) return { text: "none", class: "none" };
    return { text: signed(mean.value, digits) + (mean.count === clips ? ""
      : " (" + mean.count + " of " + clips + ")") };
  }

  // "29.7 to 43.2; 6 to 9": common ranges over all clips, and how many points curves have.
  function bdRange(bd) {
    const cells = bd ? Object.values(bd.clips).filter((cell) => typeof cell !== "string") : [];
    if (cells.length === 0) return { text: "none", class: "none" };
    const points = cells.flatMap((c) => [c[4], c[5]]);
    const [fewest, most] = [Math.min(...points), Math.max(...points)];
    return fixed(Math.min(...cells.map((c) => c[1])), 1) + " to " +
      fixed(Math.max(...cells.map((c) => c[2])), 1) + "; " + fewest +
      (most > fewest ? " to " + most : "");
  }

  // The means below the clips, as furl eval prints them.
  function bdMeanRows(s, tests, clips) {
    const row = (name, cell) => [name, ...tests.map((c) => cell(bdOf(c.name)))];
    const rows = [{ class: "mean", cells: row("mean", (bd) => {
      const cell = bdMean(bd && { value: bd.mean, count: bd.count }, clips, 1);
      return { ...cell, class: cell.class || (bd.mean < 0 ? "good" : bd.mean > 0 ? "bad" : "") };
    }) }];
    if (tests.some((c) => bdOf(c.name) && bdOf(c.name).interval)) {
      rows.push(row("95 % interval", (bd) => bd && bd.interval
        ? signed(bd.interval[0], 1) + " to " + signed(bd.interval[1], 1) : "–"));
    }
    rows.push(row("mean, Akima", (bd) => bdMean(bd && bd.akima, clips, 1)),
              row("BD-" + s.title.split(" ")[0] + ", " + qualityUnit(s),
                  (bd) => bdMean(bd && bd.quality, clips, 2)),
              row("range in " + qualityUnit(s) + "; points", bdRange));
    return rows;
  }

  // What a reader wants to know first, of the codec the report is about.
  function drawHeadline() {
    const s = scoreOf(state.score);
    const bd = data.subject === state.anchor ? undefined : bdOf(data.subject);
    const head = byId("headline");
    head.hidden = !bd || bd.mean === null;
    if (head.hidden) return;
    const i = bd.interval;
    const all = data.clips.filter((clip) => codecs[codecIndex(state.anchor)].clips[clip]).length;
    const times = (column) => speedTimes(data.subject, state.anchor, column);
    const speeds = [["encoding", "encode_fps"], ["decoding", "decode_fps"]]
      .filter(([, column]) => times(column) !== null)
      .map(([what, column]) => what + " at " + Number(times(column).toPrecision(2)) +
        " times its speed");
    if (speeds.length && data.speed_notices.some((text) => text.startsWith(data.subject + ":"))) {
      speeds.push("measured with other settings (see Speed)");
    }
    head.replaceChildren(el("b", {}, data.subject + ": " + fixed(Math.abs(bd.mean), 1) + " % " +
      (bd.mean < 0 ? "fewer" : "more") + " bits than " + state.anchor), " at equal " + s.title +
      " (mean of " + (bd.count < all ? bd.count + " of " : "") + count(all, "clip") +
      (i ? ", 95 % interval " + signed(i[0], 1) + " to " + signed(i[1], 1) : "") + ")" +
      (speeds.length ? "; " + speeds.join(", ") : "") + ".");
  }

  function drawBd() {
    const s = scoreOf(state.score);
    drawHeadline();
    byId("bd-notes").replaceChildren();
    if (!s.mean || !data.bd[state.score]) {
      byId("bd").replaceChildren(el("p", {}, codecs.length < 2 ? "There is one codec only."
        : "BD-rates are computed of means over all frames; choose such a metric."));
      return;
    }
    const tests = codecs.filter((c) => c.name !== state.anchor);
    const clips = data.clips.filter((clip) => codecs[codecIndex(state.anchor)].clips[clip]);
    const rows = clips.map((clip) => [clip, ...tests.map((c) => {
      const bd = bdOf(c.name);
      return bdCell(bd && bd.clips[clip], 1);
    })]);
    rows.push(...bdMeanRows(s, tests, clips.length));
    byId("bd").replaceChildren(table("BD-rate in percent against " + state.anchor + ", " +
      scoreTitle(s), ["clip", ...tests.map((c) => c.name)], rows));
    const notes = tests.flatMap((c) => Object.entries((bdOf(c.name) || { clips: {} }).clips)
      .filter(([, cell]) => typeof cell === "string")
      .map(([clip, why]) => el("p", {}, c.name + " on " + clip + ": " + why + ".")));
    byId("bd-notes").replaceChildren(...notes);
  }

  // --- controls -------------------------------------------------------------

  function controls() {
    byId("title").textContent = data.title;
    byId("about").textContent = count(codecs.length, "codec") + " on " +
      count(data.clips.length, "clip") + ", page of " + data.date + ". " +
      "The numbers are those of the result files; the conditions are below.";
    const metric = select("Metric", data.scores.map((s) => [s.column, s.title]), state.score,
      (value) => { state.score = value; drawPlots(); drawNumbers(); drawBd(); drawSpeed(); });
    metric.querySelector("select").id = "metric";
    const rates = [["bitrate_kbps", "kbit/s"]];
    const hasBpp = codecs.some((c) => Object.values(c.clips).some((clip) => clip.columns.bpp));
    if (hasBpp) rates.push(["bpp", "bits per pixel"]);
    byId("settings").append(metric, choice("Rate", rates, state.rate, (value) => {
      state.rate = value; drawPlots(); drawNumbers(); }));
    codecs.forEach((codec, i) => {
      const button = el("button", { type: "button", class: "chip", "aria-pressed": "true",
        "data-codec": codec.name, title: codec.description,
        click: () => toggleCodec(codec.name, button) }, swatch(i), codec.name);
      byId("codecs").append(button);
    });
    const anchor = select("Anchor", codecs.map((c) => [c.name, c.name]), state.anchor,
      (value) => { state.anchor = value; drawBd(); drawSpeed(); });
    anchor.querySelector("select").id = "anchor";
    byId("bd-controls").append(anchor);
    byId("numbers").addEventListener("toggle", drawNumbers);
  }

  // --- speed ----------------------------------------------------------------

  const speedTitles = { encode_fps: "encode, frames/s", decode_fps: "decode, frames/s",
    encode_cpu_ms_per_frame: "encode, CPU ms/frame", decode_cpu_ms_per_frame: "decode, CPU ms/frame",
    encode_peak_mib: "encode, peak MiB", decode_peak_mib: "decode, peak MiB" };
  // The rounds' ratios are to the anchor of that measurement.
  const timed = data.speed_conditions && data.speed_conditions.anchor;
  if (timed) {
    speedTitles.encode_ratio = "encode, times " + timed;
    speedTitles.decode_ratio = "decode, times " + timed;
  }
  const speedChoice = { column: "encode_fps" };
  let speedPlot = null;

  // Geometric mean over clips; null without values.
  const geometricMean = (values) => {
    const logs = values.filter((v) => v > 0).map(Math.log);
    return logs.length ? Math.exp(logs.reduce((a, b) => a + b, 0) / logs.length) : null;
  };
  const speedMean = (codec, column) =>
    geometricMean(Object.values(codec.speed).map((clip) => clip[column]));

  // How many times faster one codec is than another, on the clips that both have.
  function speedTimes(name, other, column) {
    const [a, b] = [codecs[codecIndex(name)].speed, codecs[codecIndex(other)].speed];
    return geometricMean(Object.keys(a).filter((clip) => b[clip])
      .map((clip) => a[clip][column] / b[clip][column]));
  }
  const speedColumns = () => Object.keys(speedTitles).filter((column) =>
    codecs.some((codec) => speedMean(codec, column) !== null));

  function drawSpeed() {
    const columns = speedColumns();
    byId("speed-section").hidden = columns.length === 0;
    if (columns.length === 0) return;
    if (speedPlot) speedPlot.destroyAll();
    speedPlot = null;
    const place = byId("speed-plot");
    place.replaceChildren();
    const s = scoreOf(state.score);
    const rows = codecs.map((codec) => ({ codec, fps: speedMean(codec, speedChoice.column),
      bd: codec.name === state.anchor ? 0 : bdOf(codec.name) ? bdOf(codec.name).mean : null }));
    const known = rows.filter((r) => r.fps !== null && r.bd !== null);
    const points = known.filter((r) => !state.hidden.has(r.codec.name));
    byId("speed-note").textContent = (known.length < rows.length
      ? "Without a speed or a BD-rate, and so not in the plot: " +
        rows.filter((r) => !known.includes(r)).map((r) => r.codec.name).join(", ") + ". " : "") +
      "Better is to the right and below.";
    // The anchor alone says nothing.
    place.hidden = points.every((r) => r.codec.name === state.anchor);
    if (place.hidden) return;
    const joined = uPlot.join(rows.map((r) => points.includes(r) ? [[r.fps], [r.bd]] : [[], []]));
    const values = points.map((p) => p.fps);
    const bds = points.map((p) => p.bd);
    const margin = Math.max(5, (Math.max(...bds) - Math.min(...bds)) * 0.12);
    speedPlot = plot(place, {
      height: 340,
      scales: { x: { time: false, distr: 3,
                     range: [Math.min(...values) / 1.6, Math.max(...values) * 2.2] },
                y: { range: [Math.min(...bds) - margin, Math.max(...bds) + margin] } },
      series: [{}, ...codecs.map((c, i) => ({ label: c.name, stroke: seriesColor(i),
        points: { show: true, size: 11, fill: seriesColor(i), space: 0 } }))],
      axes: [logAxis(speedTitles[speedChoice.column]),
             axis("BD-rate against " + state.anchor + ", %", { size: 48 })],
      hooks: { draw: [(u) => {  // the codecs' names beside their points
        u.ctx.save();
        u.ctx.font = 12 * devicePixelRatio + "px system-ui, sans-serif";
        u.ctx.textBaseline = "middle";
        rows.forEach((r, i) => {
          if (!points.includes(r)) return;
          const x = u.valToPos(r.fps, "x", true);
          const right = x > u.bbox.left + u.bbox.width * 0.75;
          u.ctx.textAlign = right ? "right" : "left";
          u.ctx.fillStyle = seriesColor(i);
          u.ctx.fillText(r.codec.name, x + (right ? -10 : 10) * devicePixelRatio,
                         u.valToPos(r.bd, "y", true));
        });
        u.ctx.restore();
      }] },
    }, joined, (series) => {
      const r = rows[series - 1];
      return [r.codec.name, compact(r.fps) + " " + speedTitles[speedChoice.column],
              "BD-rate " + signed(r.bd, 1) + " % (" + s.title + ")"];
    });
  }

  function speed() {
    const columns = speedColumns();
    if (columns.length === 0) return drawSpeed();
    const fps = columns.filter((c) => c.endsWith("_fps"));
    speedChoice.column = fps[0] || columns[0];
    byId("speed-controls").append(choice("Speed", (fps.length ? fps : columns).map((c) =>
      [c, speedTitles[c]]), speedChoice.column, (value) => {
      speedChoice.column = value; drawSpeed(); }));
    const cost = (codec, key, unit) => codec.conditions.cost && codec.conditions.cost[key]
      ? codec.conditions.cost[key] / unit : null;
    const costs = codecs.some((codec) => codec.conditions.cost);
    byId("speed-table").replaceChildren(table("Geometric means over " + speedClips(),
      ["codec", ...columns.map((c) => speedTitles[c]),
       ...(costs ? ["networks, kMAC per pixel", "model, MB"] : [])],
      codecs.map((codec) => [codec.name, ...columns.map((c) => compact(speedMean(codec, c))),
        ...(costs ? [compact(cost(codec, "kmac_per_pixel", 1)),
                     compact(cost(codec, "model_bytes", 1e6))] : [])])));
    byId("speed-about").textContent = speedAbout();
    byId("speed-notices").replaceChildren(...data.speed_notices.map((text) => el("li", {}, text)));
    drawSpeed();
  }

  function speedClips() {
    const names = new Set(codecs.flatMap((codec) => Object.keys(codec.speed)));
    return count(names.size, "clip") + ": " + [...names].sort().join(", ");
  }

  // Machine and threads, as far as the file says.
  function speedAbout() {
    const c = data.speed_conditions || {};
    const m = c.machine || {};
    const facts = [m.cpu && m.cpu + (m.cpus ? ", " + count(m.cpus, "processor") : ""), m.system,
                   c.threads && count(c.threads, "thread") + " for every codec",
                   c.rounds && count(c.rounds, "round") + ", codecs in turn"].filter((f) => f);
    return "Each codec at a level of about equal quality." +
      (facts.length ? " Measured on: " + facts.join("; ") + "." : "");
  }

  controls();
  drawPlots();
  drawBd();
  speed();
  reportPictures(data, codecs);
  reportConditions(data, codecs);
  onThemeChange(() => { drawPlots(); drawSpeed(); });
})();
