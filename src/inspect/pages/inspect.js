// furl inspect --html: shares, the timeline of all frames, and one frame under its maps.
"use strict";
(() => {
  const data = inspectData;
  const frames = data.frames;
  const byNumber = new Map(frames.map((f) => [f.number, f]));
  const details = new Map(data.details.map((d) => [d.number, d]));
  const accounts = data.totals.accounts;
  const typeNames = ["I", "P", "B"];
  const typeColors = ["--s6", "--s0", "--s2"];
  const kindNames = { motion: "motion", side: "side information", samples: "samples",
                      latents: "latents", framing: "headers and checksums" };
  const kindColors = { motion: "--s0", side: "--s4", samples: "--s3", latents: "--s1",
                       framing: "--s7" };
  const pictureNames = { picture: "Picture", prediction: "Prediction", residual: "Residual",
                         filter: "Loop filter" };
  const state = { frame: data.details.length ? data.details[0].number : frames[0].number,
                  picture: "picture", overlay: "all", opacity: 75, zoom: "fit", block: null,
                  pinned: false, scale: "root" };
  const percent = (part, whole) => (whole > 0 ? ((100 * part) / whole).toFixed(1) : "0.0") + " %";
  const bitsText = (bits) => (bits >= 100 ? Math.round(bits).toLocaleString("en") : fixed(bits, 1));
  const detail = () => details.get(state.frame);

  // --- summary --------------------------------------------------------------

  const kindBits = (kind) => (kind === "framing" ? data.totals.framing_bits
    : accounts.filter((a) => a.kind === kind).reduce((sum, a) => sum + a.bits, 0));

  function header() {
    const t = data.totals;
    byId("title").textContent = "Where the bits of " + data.name + " go";
    byId("about").textContent = count(t.frames, "frame") + " in " + count(t.gops, "GOP") + ", " +
      data.width + " × " + data.height + ", " + data.bit_depth + " bit, " + data.family +
      (data.low_delay ? ", low delay" : "") + ": " + megabytes(t.bytes) + ", " +
      compact(t.seconds > 0 ? (t.bytes * 8e-3) / t.seconds : 0) + " kbit/s." +
      (data.damaged ? " " + count(data.damaged, "damaged place") + ": furl verify says where." : "");
    byId("advice").replaceChildren(...(data.advice || []).map((a) =>
      el("div", { class: "advice card", "data-id": a.id }, el("b", {}, a.finding), el("p", {}, a.advice))));
    const kinds = Object.keys(kindNames).filter((k) => kindBits(k) >= 0.5);
    byId("shares").replaceChildren(...kinds.map((k) => {
      const text = kindNames[k] + " " + percent(kindBits(k), t.analysed_bits);
      const wide = kindBits(k) > 0.08 * t.analysed_bits;  // else there is no room for words
      const span = el("span", { title: text }, wide ? text : "");
      span.style.flex = String(kindBits(k));
      span.style.background = "color-mix(in srgb, var(" + kindColors[k] + ") 75%, #000)";
      return span;
    }));
    const per = (bits) => bitsText(bits / Math.max(1, t.analysed_frames));
    const rows = [];
    for (const kind of kinds) {
      rows.push({ class: "mean", cells: [kindNames[kind], percent(kindBits(kind), t.analysed_bits),
                                         per(kindBits(kind)), ""] });
      for (const a of accounts.filter((a) => a.kind === kind && a.name !== kindNames[kind])) {
        rows.push(["· " + a.name, percent(a.bits, t.analysed_bits), per(a.bits),
                   a.expected === undefined ? "" : per(a.expected)]);
      }
    }
    byId("summary").replaceChildren(el("details", {}, el("summary", {}, "The numbers"),
      table("Bits of " + count(t.analysed_frames, "frame"),
            ["", "share", "bits per frame", "the model expected"], rows)));
    byId("summary-note").textContent = t.analysed_frames < t.frames
      ? "Of the " + count(t.analysed_frames, "frame") + " that were looked at (--frames)." : "";
  }

  // --- timeline -------------------------------------------------------------

  const place = () => {
    const canvas = byId("bars");
    return { width: canvas.clientWidth, height: canvas.clientHeight, top: 46, bottom: 18 };
  };

  function drawBars() {
    const canvas = byId("bars");
    const { width, height, top, bottom } = place();
    canvas.width = width * devicePixelRatio;
    canvas.height = height * devicePixelRatio;
    const g = canvas.getContext("2d");
    g.scale(devicePixelRatio, devicePixelRatio);
    const step = width / frames.length;
    const most = Math.max(...frames.map((f) => f.bytes), 1);
    const shape = state.scale === "root" ? Math.sqrt : (v) => v;
    const room = height - top - bottom;
    const columns = new Map();  // of frames that share a pixel the largest is seen
    frames.forEach((f, i) => {
      const x = Math.floor(i * step);
      const other = columns.get(x);
      if (step >= 1 || other === undefined || frames[other].bytes < f.bytes) columns.set(x, i);
    });
    const wide = Math.max(1, step > 3 ? step - 1 : step);
    const colors = typeColors.map(css);
    const soft = css("--soft");
    for (const [x, i] of columns) {
      const f = frames[i];
      const tall = Math.max(1, (room * shape(f.bytes)) / shape(most));
      g.globalAlpha = f.bits ? 1 : 0.45;
      g.fillStyle = colors[f.type];
      g.fillRect(x, top + room - tall, wide, tall);
      if (details.has(f.number)) {
        g.globalAlpha = 1;
        g.fillStyle = soft;
        g.fillRect(x, top + room + 2, wide, 3);
      }
    }
    g.globalAlpha = 1;
    drawReferences(g, step, top, room);
    drawTimes(g, step, height);
  }

  // Arcs from the frame to what it refers to, and a mark over the frame itself.
  function drawReferences(g, step, top, room) {
    const x = (number) => (frames.indexOf(byNumber.get(number)) + 0.5) * step;
    const own = byNumber.get(state.frame);
    g.strokeStyle = css("--ink");
    g.fillStyle = css("--ink");
    g.lineWidth = 1.5;
    const at = x(own.number);
    g.beginPath();
    g.moveTo(at, top - 2);
    g.lineTo(at - 5, top - 10);
    g.lineTo(at + 5, top - 10);
    g.fill();
    own.refs.forEach((number, r) => {
      if (!byNumber.has(number)) return;
      const to = x(number);
      g.strokeStyle = r === 0 ? "#39b6ff" : "#ff9d2e";
      g.beginPath();
      g.moveTo(at, top - 10);
      g.quadraticCurveTo((at + to) / 2, top - 10 - Math.min(34, 10 + Math.abs(to - at) / 3), to, top - 4);
      g.stroke();
    });
    g.globalAlpha = 0.14;
    g.fillRect(at - Math.max(step, 3) / 2, top, Math.max(step, 3), room);
    g.globalAlpha = 1;
  }

  function drawTimes(g, step, height) {
    g.fillStyle = css("--soft");
    g.font = "11px system-ui, sans-serif";
    const every = Math.max(1, Math.ceil(90 / step));
    for (let i = 0; i < frames.length; i += every) {
      const text = frames[i].number + " · " + clock(frames[i].time);
      if (i * step + g.measureText(text).width < byId("bars").clientWidth) {
        g.fillText(text, i * step, height - 2);
      }
    }
  }

  const frameAt = (event) => {
    const box = byId("bars").getBoundingClientRect();
    const i = Math.floor(((event.clientX - box.left) / box.width) * frames.length);
    return frames[Math.min(Math.max(i, 0), frames.length - 1)];
  };

  function timeline() {
    const bars = byId("timeline");
    bars.addEventListener("click", (event) => go(frameAt(event).number));
    bars.addEventListener("pointermove", (event) => {
      const f = frameAt(event);
      const tip = byId("bar-tip");
      tip.hidden = false;
      tip.replaceChildren(el("b", {}, frameTitle(f)), ...frameLines(f).map((t) => el("div", {}, t)));
      const x = event.clientX - bars.getBoundingClientRect().left;
      tip.style.left = Math.max(0, x > bars.clientWidth / 2 ? x - tip.offsetWidth - 12 : x + 12) + "px";
      tip.style.top = "50px";
    });
    bars.addEventListener("pointerleave", () => { byId("bar-tip").hidden = true; });
    byId("time-controls").append(choice("Height", [["root", "Root of bytes"], ["plain", "Bytes"]],
      state.scale, (value) => { state.scale = value; drawBars(); }));
    const key = (color, text) => {
      const box = el("i");
      box.style.background = "var(" + color + ")";
      return el("span", { class: "key" }, box, text);
    };
    byId("time-legend").append(...typeNames.map((name, t) => {
      const type = data.totals.frame_types[name];
      return type ? key(typeColors[t], name + ": " + count(type.frames, "frame") + ", " +
        percent(type.bytes, data.totals.bytes) + " of the bytes, mean QP " + type.mean_qp) : null;
    }).filter(Boolean), key("--soft", "line below: the frame has pictures here"));
    new ResizeObserver(drawBars).observe(bars);
  }

  const frameTitle = (f) => "Frame " + f.number + ", " + typeNames[f.type] + " at " + clock(f.time);
  function frameLines(f) {
    const refs = f.refs.length ? "refers to " + f.refs.join(" and ") : "refers to nothing";
    return [compact(f.bytes) + " bytes, QP " + f.qp,
            (f.type === 2 ? "level " + f.level + ", " : "") + refs,
            "GOP " + f.gop + ", coded as number " + f.coded];
  }

  // --- one frame ------------------------------------------------------------

  const overlays = () => {
    const list = [["none", "None"], ["all", "All bits"], ["motion", "Motion bits"],
                  ["side", "Side bits"], ["samples", "Sample bits"], ["latents", "Latent bits"],
                  ["expected", "Expected"], ["surprise", "Surprise"], ["qp", "QP"],
                  ["vectors", "Blocks and vectors"]];
    const has = (kind) => accounts.some((a) => a.kind === kind && a.bits > 0);
    const foreseen = accounts.some((a) => a.expected !== undefined);
    const moves = data.details.some((d) => d.motion);
    return list.filter(([id]) => (["expected", "surprise"].includes(id) ? foreseen
      : id === "vectors" ? moves : ["none", "all", "qp"].includes(id) || has(id)));
  };
  const groups = accounts.filter((a) => a.kind === "latents").map((a) => a.name);
  const explanations = {
    none: "The picture alone.",
    all: "All bits that are about a place. What a block larger than 16 × 16 cost is shared evenly.",
    motion: "Bits of vectors, references and block sizes.",
    side: "Bits of the QP map, of hyper-latents and other side information.",
    samples: "Bits of blocks that are coded in samples: text, screens.",
    latents: "Bits of all latents: what the prediction lacks.",
    expected: "What the model's prior expected the latents to cost: the entropy of their distributions.",
    surprise: "Bits of latents less what the prior expected. Red: dearer, the model was wrong about " +
      "what comes here. Blue: cheaper, as expected or left out by the encoder.",
    qp: "Quality of every 32 × 32 block: the brighter, the coarser.",
    vectors: "Borders of blocks (yellow: with motion of their own, grey: merged with a neighbour), " +
      "vectors to the first (blue) and the second reference (orange).",
  };

  function mapOf(blocks) {
    const latents = (a) => a.kind === "latents";
    const foreseen = (a) => latents(a) && a.expected;
    switch (state.overlay) {
      case "none": case "vectors": return null;
      case "all": return sumMap(blocks, "bits", () => true);
      case "expected": return sumMap(blocks, "expected", latents);
      case "qp": return Float64Array.from(blocks.qp);
      case "surprise": {
        const expected = sumMap(blocks, "expected", foreseen);
        return sumMap(blocks, "bits", foreseen).map((bits, i) => bits - expected[i]);
      }
      default:
        if (state.overlay.startsWith("group:")) {
          return sumMap(blocks, "bits", (a) => "group:" + a.name === state.overlay);
        }
        return sumMap(blocks, "bits", (a) => a.kind === state.overlay);
    }
  }

  function drawMap() {
    const canvas = byId("map");
    const own = detail();
    canvas.hidden = !own || state.overlay === "none";
    canvas.style.opacity = state.overlay === "vectors" ? 1 : state.opacity / 100;
    byId("legend").replaceChildren();
    byId("explain").textContent = state.overlay.startsWith("group:")
      ? "Bits of one group of latents, " + state.overlay.slice(6) + "." : explanations[state.overlay];
    if (!own || canvas.hidden) return;
    const blocks = blocksOf(own);
    if (state.overlay === "vectors") return paintMotion(canvas, blocks.motion);
    const map = mapOf(blocks);
    const end = scaleEnd(map);
    const color = state.overlay === "surprise" ? (v) => surpriseColor(v / end)
      : state.overlay === "qp" ? qpColor(map) : (v) => heatColor(v / end);
    paintBlocks(canvas, map, color);
    canvas.dataset.drawn = state.frame + " " + state.overlay;
    legend(map, end, color);
  }

  function qpColor(map) {
    const [low, high] = [Math.min(...map), Math.max(...map)];
    return (v) => [...rampColor(high > low ? 0.15 + (0.85 * (v - low)) / (high - low) : 0.5), 200];
  }

  function legend(map, end, color) {
    const ends = state.overlay === "surprise" ? [-end, end]
      : state.overlay === "qp" ? [Math.min(...map), Math.max(...map)] : [0, end];
    const scale = el("span", { class: "scale" });
    const stops = Array.from({ length: 9 }, (_, i) => {
      const [r, g, b, a] = color(ends[0] + ((ends[1] - ends[0]) * i) / 8);
      return "rgb(" + [r, g, b].join(" ") + " / " + a / 255 + ")";
    });
    scale.style.background = "linear-gradient(90deg," + stops.join(",") + ")";
    const unit = state.overlay === "qp" ? "QP " : "";
    const text = (v) => unit + (state.overlay === "qp" ? v : bitsText(v));
    byId("legend").append(text(ends[0]), scale, text(ends[1]) +
      (state.overlay === "qp" ? "" : " bits a block, or more"));
  }

  function showPicture() {
    const own = detail();
    const image = byId("picture");
    image.hidden = !own;
    byId("pictures").replaceChildren();
    if (!own) return;
    const there = Object.keys(pictureNames).filter((k) => own.pictures[k]);
    if (!there.includes(state.picture)) state.picture = "picture";
    const gains = { residual: " ×" + data.residual_gain, filter: " ×" + data.filter_gain };
    const buttons = choice("Picture", there.map((k) => [k, pictureNames[k] + (gains[k] || "")]),
      state.picture, (value) => { state.picture = value; showPicture(); });
    buttons.id = "picture-choice";
    byId("pictures").append(buttons, select("Size", [["fit", "fit"], ["1", "1:1"], ["2", "2:1"],
      ["4", "4:1"]], state.zoom, (value) => { state.zoom = value; zoom(); }));
    image.src = own.pictures[state.picture];
    image.alt = pictureNames[state.picture] + " of frame " + state.frame;
  }

  function zoom() {
    const frame = byId("frame");
    const wide = data.width * data.sample_aspect;
    const scale = state.zoom === "fit" ? null : Number(state.zoom);
    frame.classList.toggle("pixels", scale !== null && scale > 1);
    frame.style.aspectRatio = wide + " / " + data.height;
    frame.style.width = scale === null ? "100%" : (wide * scale) / devicePixelRatio + "px";
    frame.style.maxWidth = scale === null ? "calc(80vh * " + wide / data.height + ")" : "none";
    showMark();
  }

  // --- the block under the pointer -----------------------------------------

  function showMark() {
    const mark = byId("mark");
    mark.hidden = state.block === null || !detail();
    if (mark.hidden) return;
    const [col, row] = [state.block % blockCols, Math.floor(state.block / blockCols)];
    mark.style.left = ((1600 * col) / data.width) + "%";
    mark.style.top = ((1600 * row) / data.height) + "%";
    mark.style.width = ((100 * Math.min(16, data.width - 16 * col)) / data.width) + "%";
    mark.style.height = ((100 * Math.min(16, data.height - 16 * row)) / data.height) + "%";
  }

  function motionLines(blocks, col, row) {
    const motion = motionAt(blocks.motion, col, row);
    if (!motion) return [];
    const vector = ([x, y]) => "(" + fixed(x / 4, 2) + ", " + fixed(y / 4, 2) + ")";
    const lines = ["Block of " + motion.size + " × " + motion.size +
      (motion.merged ? ", merged with a neighbour" : ", motion of its own") +
      (motion.inside > 1 ? "; " + motion.inside + " blocks of 8 × 8 here" : "")];
    const refs = byNumber.get(state.frame).refs;
    [0, 1].forEach((r) => {
      if (!((motion.refs >> r) & 1)) return;
      lines.push("To frame " + (refs[r] ?? "?") + ": " + vector(motion.vectors[r]) + " samples");
    });
    return lines;
  }

  function showBlock() {
    showMark();
    const own = detail();
    const head = byId("panel-head");
    if (!own || state.block === null) {
      head.textContent = own ? "A block" : "No picture of this frame";
      byId("block").replaceChildren(el("p", { class: "soft" }, own
        ? "Point at the picture: the numbers of the block stand here. A click holds it; arrow keys " +
          "move from frame to frame."
        : "Blocks and pictures are those of the frames with a line below their bar. " +
          "furl inspect --frames " + state.frame + "- makes a page that starts here."));
      return;
    }
    const blocks = blocksOf(own);
    const [col, row] = [state.block % blockCols, Math.floor(state.block / blockCols)];
    head.textContent = "Block " + col + ", " + row + " at " + 16 * col + ", " + 16 * row +
      (state.pinned ? " (held)" : "");
    const rows = blocks.accounts.filter((a) => a.bits[state.block] > 0 ||
      (a.expected && a.expected[state.block] > 0)).map((a) => [a.name,
      fixed(a.bits[state.block] / 16, 1), a.expected ? fixed(a.expected[state.block] / 16, 1) : ""]);
    const total = blocks.accounts.reduce((sum, a) => sum + a.bits[state.block] / 16, 0);
    rows.push({ class: "mean", cells: ["all", fixed(total, 1), ""] });
    const lines = ["QP " + blocks.qp[state.block],
      ...(blocks.samples && blocks.samples[state.block] ? ["Coded in samples"] : []),
      ...motionLines(blocks, col, row)];
    byId("block").replaceChildren(...lines.map((t) => el("div", {}, t)),
      table("Bits", ["", "bits", "expected"], rows), firedPart(blocks));
  }

  function firedPart(blocks) {
    const fired = firedIn(blocks.fired, state.block);
    if (!fired.length) return el("p", { class: "soft" }, "No latent fires here.");
    return el("div", {}, el("p", {}, "Latents that fire, dearest first:"),
      el("div", { class: "bases" }, ...fired.map((f) => el("figure", {},
        basisOf(f.latent), el("figcaption", {}, f.latent + ": " + f.symbol, el("br"),
                              fixed(f.bits, 1) + " bits")))));
  }

  const basisOf = (latent) => {
    const uri = data.basis[detail().intra ? "intra" : "inter"][latent];
    return uri ? el("img", { src: uri, alt: "what latent " + latent + " adds" }) : null;
  };

  function blockAt(event) {
    const box = byId("frame").getBoundingClientRect();
    const col = Math.floor((((event.clientX - box.left) / box.width) * data.width) / 16);
    const row = Math.floor((((event.clientY - box.top) / box.height) * data.height) / 16);
    if (col < 0 || row < 0 || col >= blockCols || row >= blockRows) return null;
    return row * blockCols + col;
  }

  // --- moving about ---------------------------------------------------------

  function frameTable() {
    const f = byNumber.get(state.frame);
    if (!f.bits) {
      byId("frame-table").replaceChildren(el("p", { class: "soft" }, "This frame was not looked at."));
      return;
    }
    const whole = 8 * f.bytes;
    const rows = accounts.map((a, i) => (!(f.bits[i] >= 0.5) ? null : [a.name, bitsText(f.bits[i]),
      percent(f.bits[i], whole), f.expected[i] === null ? "" : bitsText(f.expected[i])])).filter(Boolean);
    rows.push(["headers and checksums", bitsText(f.framing), percent(f.framing, whole), ""]);
    byId("frame-table").replaceChildren(table("Bits of frame " + f.number,
      ["", "bits", "share", "the model expected"], rows));
  }

  function go(number) {
    if (!byNumber.has(number)) return;
    state.frame = number;
    const f = byNumber.get(number);
    byId("frame-name").textContent = frameTitle(f) + ": " + frameLines(f).join("; ");
    byId("timeline").setAttribute("aria-valuenow", String(number));
    byId("timeline").setAttribute("aria-valuetext", frameTitle(f));
    showPicture();
    drawMap();
    showBlock();
    frameTable();
    drawBars();
  }

  function step(by) {
    const next = frames[frames.indexOf(byNumber.get(state.frame)) + by];
    if (next) go(next.number);
  }

  function controls() {
    byId("steps").append(
      el("button", { type: "button", id: "previous", "aria-label": "Previous frame",
        click: () => step(-1) }, "←"),
      el("button", { type: "button", id: "next", "aria-label": "Next frame",
        click: () => step(1) }, "→"), el("span", { id: "frame-name", "aria-live": "polite" }));
    const maps = choice("Map", overlays(), state.overlay, (value) => {
      state.overlay = value;
      byId("group").value = "";
      drawMap();
    });
    maps.id = "map-choice";
    const group = select("Group", [["", "–"], ...groups.map((name) => ["group:" + name, name])], "",
      (value) => { if (value) { maps.set(""); state.overlay = value; drawMap(); } });
    group.querySelector("select").id = "group";
    const strength = el("input", { type: "range", id: "opacity", min: 10, max: 100,
      value: state.opacity, input: () => { state.opacity = Number(strength.value); drawMap(); } });
    byId("overlays").append(maps, ...(groups.length ? [group] : []),
      el("label", {}, "Strength", strength));
    const area = byId("frame");
    area.addEventListener("pointermove", (event) => {
      if (state.pinned) return;
      const block = blockAt(event);
      if (block !== null && block !== state.block) { state.block = block; showBlock(); }
    });
    area.addEventListener("click", (event) => {
      const block = blockAt(event);
      state.pinned = !(state.pinned && block === state.block);
      state.block = block;
      showBlock();
    });
    area.addEventListener("dragstart", (event) => event.preventDefault());
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches(".scroll") ||
          ["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName)) return;
      if (event.key === "ArrowLeft") step(-1);
      else if (event.key === "ArrowRight") step(1);
      else return;
      event.preventDefault();
    });
    const bars = byId("timeline");
    bars.setAttribute("aria-valuemin", String(frames[0].number));
    bars.setAttribute("aria-valuemax", String(frames[frames.length - 1].number));
    byId("detail-note").textContent = count(data.details.length, "frame") + " of " + frames.length +
      " have pictures and blocks here, " + megabytes(data.detail_bytes) + " of at most " +
      megabytes(data.detail_limit) + " (--html-size); --frames chooses others. Pictures are JPEGs, " +
      "numbers are those of the decoder.";
  }

  header();
  controls();
  timeline();
  zoom();
  go(state.frame);
  onThemeChange(() => { drawBars(); drawMap(); });
})();
