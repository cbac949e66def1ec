// furl detect --html: a lane of time for each group of objects and for events, what happened, and
// key frames with their boxes.
"use strict";
(() => {
  const data = JSON.parse(byId("data").textContent);
  const SVG = "http://www.w3.org/2000/svg";
  const svg = (name, attributes, ...children) => {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };

  function header() {
    byId("title").textContent = "What happens in " + data.name;
    byId("about").textContent = data.width + "x" + data.height + ", " + clock(data.seconds) +
      "; " + count(data.events.length, "event") + ". Objects are found in key frames by a small " +
      "network that sees latents and motion: some are missed, and some are none.";
  }

  // The key frame nearest before a time, as the id of its figure.
  function figureOf(time) {
    let best = 0;
    data.pictures.forEach((picture, i) => { if (picture.time <= time + 1e-6) best = i; });
    return "key-" + best;
  }

  const LEFT = 70, WIDTH = 1000, LANE = 22;
  const x = (time) => LEFT + (WIDTH - LEFT - 10) * time / Math.max(data.seconds, 1e-6);

  function lane(row, name, bars) {
    const y = row * LANE + 4;
    const nodes = [svg("rect", { class: "lane", x: LEFT, y, width: WIDTH - LEFT - 10,
                                 height: LANE - 6 }),
                   svg("text", { x: 0, y: y + 12 }, name)];
    for (const { begin, end, kind, title } of bars) {
      const bar = svg("rect", { class: kind, x: x(begin), y,
                                width: Math.max(3, x(end) - x(begin)), height: LANE - 6 },
                      svg("title", {}, title));
      bar.addEventListener("click", () => { location.hash = figureOf(begin); });
      nodes.push(bar);
    }
    return nodes;
  }

  function timeline() {
    const lanes = data.groups.map((group) => ({ name: group.name, bars: group.times.map(
      ([begin, end, most]) => ({ begin, end, kind: group.name,
                                 title: most + " " + group.name + ", " + clock(begin) + " to " +
                                   clock(end) })) }));
    for (const kind of new Set(data.events.map((event) => event.event))) {
      if (kind === "appearance") continue;  // the groups' lanes show these
      lanes.push({ name: kind, bars: data.events.filter((event) => event.event === kind).map(
        (event) => ({ begin: event.begin, end: event.end, kind: "event", title: event.text })) });
    }
    const height = lanes.length * LANE + 24;
    const chart = svg("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img",
                               "aria-label": "When objects and events are there" },
                      ...lanes.flatMap(({ name, bars }, row) => lane(row, name, bars)));
    for (let i = 0; i <= 4; ++i) {
      const time = data.seconds * i / 4;
      chart.append(svg("text", { x: x(time), y: height - 6,
                                 "text-anchor": i === 4 ? "end" : i === 0 ? "start" : "middle" },
                       clock(time)));
    }
    byId("timeline").replaceChildren(chart);
  }

  function events() {
    const sorted = [...data.events].sort((a, b) => a.begin - b.begin);
    byId("none").hidden = sorted.length > 0;
    byId("events").replaceChildren(...sorted.map((event) =>
      el("li", {}, el("a", { href: "#" + figureOf(event.begin) }, event.text))));
  }

  function figure(picture, i) {
    const boxes = (picture.objects || []).map(({ group, score, box: [left, top, width, height] }) =>
      svg("rect", { class: group, x: left, y: top, width, height },
          svg("title", {}, group + ", " + fixed(100 * score, 0) + " %")));
    return el("figure", { id: "key-" + i },
      el("div", { class: "frame" },
        el("img", { src: picture.uri, alt: "Key frame at " + clock(picture.time) }),
        svg("svg", { viewBox: `0 0 ${data.width} ${data.height}`, preserveAspectRatio: "none" },
            ...boxes)),
      el("figcaption", {}, clock(picture.time) + (boxes.length > 0
        ? ": " + count(boxes.length, "object") : "")));
  }

  header();
  timeline();
  events();
  byId("pictures").replaceChildren(...data.pictures
    .filter((picture) => picture.uri.startsWith("data:image/jpeg;base64,")).map(figure));
})();
