// The lower half of the report: pictures, worst frames, conditions.
"use strict";

function reportPictures(data, codecs) {
  // The tiles of a strip, one at a time in the same place.
  const zoomed = { tiles: [], at: 0 };
  function enlarge(tiles, at) {
    zoomed.tiles = tiles;
    zoomed.at = (at + tiles.length) % tiles.length;
    const { image, text } = tiles[zoomed.at];
    byId("zoom-image").src = image;
    byId("zoom-image").alt = text;
    byId("zoom-text").textContent = text;
    if (!byId("zoom").open) byId("zoom").showModal();
  }

  function zoomControls() {
    const step = (by) => enlarge(zoomed.tiles, zoomed.at + by);
    byId("zoom-previous").addEventListener("click", () => step(-1));
    byId("zoom-next").addEventListener("click", () => step(1));
    byId("zoom").addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      step(event.key === "ArrowLeft" ? -1 : 1);
      event.preventDefault();
    });
  }

  function tileText(tile, clip) {
    const codec = clip.codecs.find((c) => c.codec === tile.codec);
    return tile.codec === "" ? "source"
      : tile.codec + ", " + compact(codec.kbps) + " kbit/s, " + fixed(tile.score, 2) + " dB";
  }

  function figure(at, clip, strip) {
    const tile = strip.tiles[at];
    const text = tileText(tile, clip);
    const alt = text + ", frame " + strip.frame + " of " + clip.clip;
    const tiles = strip.tiles.map((t) => ({ image: t.image, text: tileText(t, clip) }));
    return el("figure", {}, el("button", { type: "button", "aria-label": "Enlarge: " + alt,
      click: () => enlarge(tiles, at) }, el("img", { src: tile.image, alt,
      width: strip.crop[2], height: strip.crop[3], loading: "lazy" })),
      el("figcaption", {}, text));
  }

  function showStrips(name) {
    const clip = data.strips.clips.find((c) => c.clip === name);
    byId("strips").replaceChildren(...clip.strips.flatMap((strip) => [
      el("h3", {}, (strip.kind === "worst" ? "Worst frame of " + data.subject : "Middle frame") +
        ": frame " + strip.frame + " at " + clock(strip.time)),
      el("div", { class: "strip" }, ...strip.tiles.map((_, at) => figure(at, clip, strip)))]));
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
    byId("pictures-notices").replaceChildren(
      ...data.picture_notices.map((text) => el("li", {}, text)));
    zoomControls();
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

  strips();
  worstFromFiles();
}

function reportConditions(data, codecs) {
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
              i.fps ? i.fps.replace(/\/1$/, "") : "–", i.sha256 ? i.sha256.slice(0, 16) + "…" : "–"];
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

  conditions();
}
