// furl compare --html: wipe, toggle, difference map, and the graph of scores.
"use strict";
(() => {
  const data = JSON.parse(byId("data").textContent);
  const state = { picture: 0, mode: "wipe", wipe: 50, gain: 4, metric: 0, zoom: "fit" };
  const metrics = data.metrics;
  const name = (path) => path.split(/[\\/]/).pop();

  function header() {
    byId("title").textContent = name(data.distorted) + " beside " + name(data.original);
    byId("about").textContent = count(data.times.length, "frame") + ", " + data.width +
      " × " + data.height + ", " + data.bit_depth + " bit. Original: " + data.original + ". Compared: " + data.distorted + ".";
    byId("notices").replaceChildren(...data.notices.map((text) => el("li", {}, text)));
    byId("notices").hidden = data.notices.length === 0;
    const t = table("Mean over all frames, mean of the worst 1 %, and the worst frame",
      ["metric", "mean", "1 % low", "worst", "at"],
      metrics.map((m) => [m.title + (m.unit ? ", " + m.unit : ""), score(m.mean, m.unit),
        score(m.low, m.unit), score(m.scores[m.worst], m.unit), ""]));
    t.querySelectorAll("tbody tr").forEach((row, i) => {
      const frame = metrics[i].worst;
      row.lastChild.append(el("button", { type: "button", click: () => jump(frame, true) },
        clock(data.times[frame]) + ", frame " + frame));
    });
    byId("summary").replaceChildren(t);
  }

  // --- pictures -------------------------------------------------------------

  const pictures = data.pictures;
  const nearestPicture = (frame) => pictures.reduce((best, p, i) =>
    Math.abs(p.pair - frame) < Math.abs(pictures[best].pair - frame) ? i : best, 0);

  function drawHeat() {
    const picture = pictures[state.picture];
    const image = new Image();
    image.onload = () => {
      if (picture !== pictures[state.picture]) return;  // another one was chosen meanwhile
      const canvas = byId("heat");
      canvas.width = image.naturalWidth;
      canvas.height = image.naturalHeight;
      const context = canvas.getContext("2d", { willReadFrequently: true });
      context.drawImage(image, 0, 0);
      const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
      const colors = Array.from({ length: 256 }, (_, v) => rampColor((v * state.gain) / 255));
      for (let i = 0; i < pixels.data.length; i += 4) {
        const color = colors[pixels.data[i]];
        pixels.data[i] = color[0];
        pixels.data[i + 1] = color[1];
        pixels.data[i + 2] = color[2];
      }
      context.putImageData(pixels, 0, 0);
      canvas.dataset.drawn = picture.pair + "x" + state.gain;
    };
    image.src = picture.difference;
  }

  function showMode() {
    const wiping = state.mode === "wipe";
    byId("cover").hidden = state.mode === "original" || state.mode === "difference";
    byId("heat").hidden = state.mode !== "difference";
    byId("line").hidden = !wiping;
    byId("wipe-row").hidden = !wiping;
    byId("heat-row").hidden = state.mode !== "difference";
    byId("stage").classList.toggle("wiping", wiping);
    byId("tag-left").textContent = state.mode === "difference" ? "difference"
      : state.mode === "distorted" ? name(data.distorted) : name(data.original);
    byId("tag-right").textContent = wiping ? name(data.distorted) : "";
    byId("tag-right").hidden = !wiping;
    byId("cover").style.clipPath = wiping ? "inset(0 0 0 " + state.wipe + "%)" : "none";
    byId("line").style.left = state.wipe + "%";
    if (state.mode === "difference") {
      drawHeat();
      byId("ramp-end").textContent = String(Math.round(255 / state.gain)) + " of 255 or more";
    }
  }

  function showPicture() {
    const picture = pictures[state.picture];
    byId("original").src = picture.original;
    byId("distorted").src = picture.distorted;
    byId("original").alt = "Frame " + picture.pair + " of " + name(data.original);
    byId("distorted").alt = "Frame " + picture.pair + " of " + name(data.distorted);
    byId("pick").value = String(state.picture);
    const line = metrics.map((m) => m.title + " " + score(m.scores[picture.pair], m.unit) +
      (m.unit ? " " + m.unit : ""));
    byId("scores").textContent = "Frame " + picture.pair + " at " + clock(data.times[picture.pair]) +
      ": " + line.join(", ");
    showMode();
    if (graph) graph.redraw(false);
  }

  function step(by) {
    const next = Math.min(Math.max(state.picture + by, 0), pictures.length - 1);
    if (next !== state.picture) { state.picture = next; showPicture(); }
  }

  function jump(frame, scroll) {
    state.picture = nearestPicture(frame);
    showPicture();
    if (scroll) byId("viewer").scrollIntoView();
  }

  function setWipe(percent) {
    state.wipe = Math.min(Math.max(percent, 0), 100);
    byId("wipe").value = String(state.wipe);
    showMode();
  }

  function zoom() {
    const frame = byId("frame");
    byId("stage").style.touchAction = state.zoom === "fit" ? "pan-y" : "auto";
    const wide = data.width * data.sample_aspect;
    const scale = state.zoom === "fit" ? null : Number(state.zoom);
    frame.classList.toggle("pixels", scale !== null && scale > 1);
    frame.style.aspectRatio = wide + " / " + data.height;
    // Device pixels: 1:1 means one sample to one pixel of the screen.
    frame.style.width = scale === null ? "100%" : (wide * scale) / devicePixelRatio + "px";
    frame.style.maxWidth = scale === null ? "calc(85vh * " + wide / data.height + ")" : "none";
  }

  function controls() {
    const modes = choice("What to show", [["wipe", "Wipe"], ["original", "Original"],
      ["distorted", "Compared"], ["difference", "Difference"]], state.mode,
      (mode) => { state.mode = mode; showMode(); });
    modes.id = "mode";
    const zooms = select("Size", [["fit", "fit"], ["1", "1:1"], ["2", "2:1"], ["4", "4:1"]],
      state.zoom, (value) => { state.zoom = value; zoom(); });
    byId("modes").append(modes, el("button", { type: "button", id: "toggle", title: "Key: t",
      click: () => modes.set(state.mode === "original" ? "distorted" : "original") },
      "Toggle (t)"), zooms);
    byId("wipe-row").append(el("label", { for: "wipe" }, "Wipe"),
      el("input", { type: "range", id: "wipe", min: 0, max: 100, step: 0.5, value: state.wipe,
        input: (event) => setWipe(Number(event.target.value)) }));
    const ramp = el("span", { class: "ramp" });
    ramp.style.background = "linear-gradient(90deg," + rampStops.map(([t, ...c]) =>
      "rgb(" + c.join(",") + ") " + t * 100 + "%").join(",") + ")";
    byId("heat-row").append(
      select("Gain", [["1", "×1"], ["4", "×4"], ["16", "×16"], ["64", "×64"]],
        String(state.gain), (value) => { state.gain = Number(value); showMode(); }),
      el("span", { class: "chip" }, "0", ramp, el("span", { id: "ramp-end" })),
      el("span", { class: "soft small" },
        "Largest difference of Y, U or V within 2 × 2 samples, of the decoded samples."));
    const pick = el("select", { id: "pick", change: () => {
      state.picture = Number(pick.value); showPicture(); } },
      ...pictures.map((p, i) => el("option", { value: i },
        p.pair + " at " + clock(data.times[p.pair]))));
    byId("steps").append(
      el("button", { type: "button", id: "previous", "aria-label": "Previous picture",
        click: () => step(-1) }, "←"),
      el("label", {}, "Frame", pick),
      el("button", { type: "button", id: "next", "aria-label": "Next picture",
        click: () => step(1) }, "→"));
    byId("pictures-note").textContent = pictures.length + " of " + data.times.length +
      " frames have pictures" + (data.step > 1 ? " (every " + data.step +
      (data.step === 2 ? "nd" : "th") + " and the worst, to stay within " +
      megabytes(data.picture_limit) + ")" : "") + ": " + megabytes(data.picture_bytes) +
      " of pictures. The scores and the difference are those of the decoded frames, not of the JPEGs shown.";
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey ||
          ["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName) ||
          (event.key !== "t" && event.target.matches(".scroll"))) return;  // a table scrolls
      if (event.key === "t") byId("toggle").click();
      else if (event.key === "ArrowLeft") step(-1);
      else if (event.key === "ArrowRight") step(1);
      else return;
      event.preventDefault();
    });
    const stage = byId("stage");
    const drag = (event) => {
      if (state.mode !== "wipe" || (event.type === "pointermove" && event.buttons === 0)) return;
      if (state.zoom !== "fit" && event.pointerType === "touch") return;  // fingers scroll there
      const box = byId("frame").getBoundingClientRect();
      setWipe(((event.clientX - box.left) / box.width) * 100);
    };
    stage.addEventListener("pointerdown", drag);
    stage.addEventListener("pointermove", drag);
    stage.addEventListener("dragstart", (event) => event.preventDefault());
  }

  // --- graph ----------------------------------------------------------------

  let graph = null;
  function drawGraph() {
    if (graph) graph.destroyAll();
    const metric = metrics[state.metric];
    const holder = byId("graph");
    const title = metric.title + (metric.unit ? ", " + metric.unit : "");
    graph = plot(holder, {
      height: 260,
      scales: { x: { time: false } },
      series: [{}, { label: title, stroke: seriesColor(0), width: 1.5,
                     points: { show: data.times.length < 100 } }],
      axes: [axis("seconds"), axis(title, { size: 64 })],
      hooks: { draw: [(u) => {  // where the shown picture is
        const x = u.valToPos(data.times[pictures[state.picture].pair], "x", true);
        u.ctx.save();
        u.ctx.strokeStyle = css("--bad");
        u.ctx.lineWidth = 2 * devicePixelRatio;
        u.ctx.beginPath();
        u.ctx.moveTo(x, u.bbox.top);
        u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
        u.ctx.stroke();
        u.ctx.restore();
      }] },
    }, [data.times, metric.scores], (_, i) => ["Frame " + i, clock(data.times[i]),
      metric.title + " " + score(metric.scores[i], metric.unit)]);
    graph.over.addEventListener("click", () => {
      if (graph.cursor.idx !== null && graph.cursor.idx !== undefined) jump(graph.cursor.idx, false);
    });
  }

  function graphControls() {
    byId("graph-controls").append(select("Metric", metrics.map((m, i) => [String(i), m.title]), "0",
      (value) => { state.metric = Number(value); drawGraph(); }));
    byId("numbers").addEventListener("toggle", () => {
      if (byId("numbers").children.length > 1) return;  // long tables only when asked for
      byId("numbers").append(table("Scores of every frame",
        ["frame", "time", ...metrics.flatMap((m) => m.planes ? [m.title, "Y", "U", "V"] : [m.title])],
        data.times.map((time, i) => [i, clock(time), ...metrics.flatMap((m) =>
          [score(m.scores[i], m.unit), ...(m.planes ? m.planes[i].map((v) => score(v, m.unit)) : [])])])));
    });
  }

  header();
  controls();
  graphControls();
  zoom();
  jump(metrics[0].worst, false);
  drawGraph();
  onThemeChange(drawGraph);
})();
