// The report of furl eval: curves, BD-rates, speed, pictures, conditions.
"use strict";
(() => {
  const data = JSON.parse(byId("data").textContent);
  const codecs = data.codecs;
  const state = { score: data.scores[0].column, rate: "bitrate_kbps", anchor: data.anchor,
                  hidden: new Set() };
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
    return s.similarity ? s.title + ", as −10 log10(1 − x)" : s.title + (s.unit ? ", " + s.unit : "");
  }

  // --- curves ---------------------------------------------------------------

  // The points of every codec on `clip` (null: the average), rates rising.
  function curves(clip) {
    return codecs.map((codec) => {
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
    data.clips.forEach((clip) => drawPlot(holder, clip, clip, data.clips.length === 1 ? 380 : 260, ""));
  }

  function drawPlot(parent, title, clip, height, note) {
    const lines = curves(clip);
    const place = el("div", { class: "plot", role: "img",
      "aria-label": "Curves of " + title + "; the numbers are in the tables below" });
    parent.append(el("div", { class: "card" + (height > 300 ? " wide" : "") }, el("h3", {}, title),
      note ? el("p", { class: "soft small" }, note) : null, place));
    const s = scoreOf(state.score);
    const joined = uPlot.join(lines.map((points) =>
      [points.map((p) => p.rate), points.map((p) => quality(state.score, p.score))]));
    const u = plot(place, {
      height,
      scales: { x: logScale },
      series: [{}, ...codecs.map((c, i) => ({ label: c.name, stroke: seriesColor(i),
        dash: seriesDash(i), width: 2, spanGaps: true, show: !state.hidden.has(c.name),
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
    plots.forEach((p) => p.setSeries(codecIndex(name) + 1, { show: !state.hidden.has(name) }));
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

  function bdCell(cell, digits) {
    if (cell === undefined) return { text: "not run", class: "none" };
    if (typeof cell === "string") return { text: "none", class: "none", title: cell };
    return { text: signed(cell[0], digits), class: cell[0] < 0 ? "good" : cell[0] > 0 ? "bad" : "",
      title: "over " + fixed(cell[1], 2) + " to " + fixed(cell[2], 2) + ", " +
             Math.round(cell[3] * 100) + " % of the shorter curve" };
  }

  function drawBd() {
    const s = scoreOf(state.score);
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
    rows.push({ class: "mean", cells: ["mean", ...tests.map((c) => {
      const bd = bdOf(c.name);
      if (!bd || bd.mean === null) return { text: "none", class: "none" };
      return { text: signed(bd.mean, 1) + (bd.count === clips.length ? ""
                 : " (" + bd.count + " of " + clips.length + ")"),
               class: bd.mean < 0 ? "good" : "bad" };
    })] });
    if (tests.some((c) => bdOf(c.name) && bdOf(c.name).interval)) {
      rows.push(["95 % of the mean", ...tests.map((c) => {
        const i = bdOf(c.name) && bdOf(c.name).interval;
        return i ? signed(i[0], 1) + " … " + signed(i[1], 1) : "–";
      })]);
    }
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
  const speedChoice = { column: "encode_fps" };
  let speedPlot = null;

  // Geometric mean over clips; null without values.
  function speedMean(codec, column) {
    const logs = Object.values(codec.speed).map((clip) => clip[column])
      .filter((v) => v > 0).map(Math.log);
    return logs.length ? Math.exp(logs.reduce((a, b) => a + b, 0) / logs.length) : null;
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
    const points = rows.filter((r) => r.fps !== null && r.bd !== null);
    byId("speed-note").textContent = (points.length < rows.length
      ? "Without a speed or a BD-rate, and so not in the plot: " +
        rows.filter((r) => !points.includes(r)).map((r) => r.codec.name).join(", ") + ". " : "") +
      "Each codec at a level of about equal quality, alone on the machine named in the conditions.";
    place.hidden = points.length === 0;
    if (points.length === 0) return;
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
        show: !state.hidden.has(c.name),
        points: { show: true, size: 11, fill: seriesColor(i), space: 0 } }))],
      axes: [logAxis(speedTitles[speedChoice.column]),
             axis("BD-rate against " + state.anchor + ", %", { size: 48 })],
      hooks: { draw: [(u) => {  // the codecs' names beside their points
        u.ctx.save();
        u.ctx.font = 12 * devicePixelRatio + "px system-ui, sans-serif";
        u.ctx.textBaseline = "middle";
        rows.forEach((r, i) => {
          if (!points.includes(r) || !u.series[i + 1].show) return;
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
    byId("speed-table").replaceChildren(table("Geometric means over clips",
      ["codec", ...columns.map((c) => speedTitles[c])],
      codecs.map((codec) => [codec.name, ...columns.map((c) => compact(speedMean(codec, c)))])));
    drawSpeed();
  }

  // --- pictures -------------------------------------------------------------

  function enlarge(image, text) {
    byId("zoom-image").src = image;
    byId("zoom-image").alt = text;
    byId("zoom-text").textContent = text;
    byId("zoom").showModal();
  }

  function figure(tile, clip, strip) {
    const codec = clip.codecs.find((c) => c.codec === tile.codec);
    const text = tile.codec === "" ? "source"
      : tile.codec + ", " + compact(codec.kbps) + " kbit/s, " + fixed(tile.score, 2) + " dB";
    const alt = text + ", frame " + strip.frame + " of " + clip.clip;
    return el("figure", {}, el("button", { type: "button", "aria-label": "Enlarge: " + alt,
      click: () => enlarge(tile.image, text) }, el("img", { src: tile.image, alt,
      width: strip.crop[2], height: strip.crop[3], loading: "lazy" })),
      el("figcaption", {}, text));
  }

  function showStrips(name) {
    const clip = data.strips.clips.find((c) => c.clip === name);
    byId("strips").replaceChildren(...clip.strips.flatMap((strip) => [
      el("h3", {}, (strip.kind === "worst" ? "Worst frame of " + data.subject : "Middle frame") +
        ": frame " + strip.frame + " at " + clock(strip.time)),
      el("div", { class: "strip" }, ...strip.tiles.map((tile) => figure(tile, clip, strip)))]));
  }

  function strips() {
    const has = data.strips && data.strips.clips.length > 0;
    byId("strips-section").hidden = !has;
    byId("worst-section").hidden = !has;
    if (!has) return;
    const clips = data.strips.clips;
    byId("strips-about").textContent = "Coded at the level nearest to one bit rate per clip, a third " +
      "of the way up the range that all codecs share; the rate each one took stands below its picture. " +
      "The crop is where the codecs' errors together are largest, so it is no fair sample of the " +
      "whole picture. Scores are (6Y+U+V)/8 PSNR of the whole frame.";
    byId("strips-missing").hidden = data.strips.notices.length === 0;
    byId("strips-notices").replaceChildren(...data.strips.notices.map((text) => el("li", {}, text)));
    const list = select("Clip", clips.map((c) => [c.clip, c.clip + " at about " + compact(c.kbps) +
      " kbit/s"]), clips[0].clip, showStrips);
    list.querySelector("select").id = "strip-clip";
    byId("strips-controls").append(list);
    showStrips(clips[0].clip);
    byId("worst").replaceChildren(table("At the rates of the pictures above; (6Y+U+V)/8 PSNR in dB",
      ["clip", "codec", "kbit/s", "mean", "1 % low", "worst", "frame", "time"],
      clips.flatMap((clip) => clip.codecs.map((c) => [clip.clip, c.codec, compact(c.kbps),
        fixed(c.mean, 2), fixed(c.low, 2), fixed(c.worst, 2), c.worst_frame, clock(c.worst_time)]))));
  }

  // Result files may name the worst frame of every level by themselves.
  function worstFromFiles() {
    const base = data.scores.find((s) => s.column.endsWith("_worst"));
    if (data.strips || !base) return;
    byId("worst-section").hidden = false;
    const s = base;
    const rows = data.clips.flatMap((clip) => codecs.flatMap((codec) => {
      const source = codec.clips[clip];
      if (!source || !source.columns[s.column]) return [];
      const i = Math.floor(source.levels.length / 2);
      const frame = (source.columns[s.column + "_frame"] || [])[i];
      return [[clip, codec.name, codec.level_name + " " + source.levels[i],
        compact(source.columns.bitrate_kbps[i]), score(source.columns[s.column][i], s.unit),
        frame === undefined ? "–" : frame]];
    }));
    byId("worst").replaceChildren(table(s.title + " at each codec's middle level",
      ["clip", "codec", "level", "kbit/s", s.title.replace(/,.*/, ""), "frame"], rows));
  }

  // --- conditions -----------------------------------------------------------

  function flat(value, prefix) {
    if (value === null || typeof value !== "object") return [[prefix, String(value)]];
    if (Array.isArray(value) && value.every((v) => v === null || typeof v !== "object")) {
      return [[prefix, value.join(", ")]];
    }
    return Object.entries(value).flatMap(([key, v]) => flat(v, prefix ? prefix + " · " + key : key));
  }

  function definitions(pairs) {
    return el("div", { class: "scroll" }, el("table", {}, el("tbody", {}, ...pairs.map(([k, v]) =>
      el("tr", {}, el("th", { scope: "row" }, k),
         el("td", { style: "white-space:normal;text-align:left" }, el("code", {}, v)))))));
  }

  function conditions() {
    const inputs = data.clips.map((clip) => {
      const codec = codecs.find((c) => c.clips[clip] && c.clips[clip].input);
      const i = codec ? codec.clips[clip].input : {};
      return [clip, i.width && i.height ? i.width + " × " + i.height : "–",
              i.bit_depth === undefined ? "–" : i.bit_depth, i.frames === undefined ? "–" : i.frames,
              i.fps || "–", i.sha256 ? i.sha256.slice(0, 16) + "…" : "–"];
    });
    byId("conditions").append(
      data.command ? el("p", {}, "Page made by ", el("code", {}, data.command)) : "",
      ...codecs.map((codec) => el("details", {}, el("summary", {}, el("b", {}, codec.name), ": ",
        codec.description), definitions(flat({ ...codec.conditions, ...codec.rest }, "")))),
      data.speed_conditions ? el("details", {}, el("summary", {}, el("b", {}, "Speed")),
        definitions(flat(data.speed_conditions, ""))) : "",
      el("h3", { style: "margin-top:18px" }, "Clips"),
      table("Inputs, with the beginning of their SHA-256",
        ["clip", "size", "bits", "frames", "frames/s", "SHA-256"], inputs));
  }

  controls();
  drawPlots();
  drawBd();
  speed();
  strips();
  worstFromFiles();
  conditions();
  onThemeChange(() => { drawPlots(); drawSpeed(); });
})();
