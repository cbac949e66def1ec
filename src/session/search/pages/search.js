// furl search --html: the query's pictures, and those of what is like it.
"use strict";
(() => {
  const data = JSON.parse(byId("data").textContent);

  // Whatever the index holds, only its pictures are shown.
  const picture = (uri, text) =>
    uri.startsWith("data:image/jpeg;base64,") ? el("img", { src: uri, alt: text }) : null;

  function header() {
    byId("title").textContent = "Videos like " + data.name;
    const part = data.duration > 0 ? clock(data.start) + " to " + clock(data.start + data.duration)
      : data.start > 0 ? "from " + clock(data.start) : "all of it";
    byId("about").textContent = part + "; " + count(data.pictures.length, "shot") + ". 100 % is " +
      "the same to the search, 0 % has nothing in common.";
    byId("query").replaceChildren(...data.pictures.slice(0, 12)
      .map((uri, i) => picture(uri, "Shot " + (i + 1) + " of the query")).filter(Boolean));
  }

  function card(match) {
    return el("li", { class: "card" },
      picture(match.picture, match.name + " at " + clock(match.begin)),
      el("h3", {}, match.name),
      el("p", {}, fixed(100 * match.similarity, 1) + " % alike, " + clock(match.begin) + " to " +
        clock(match.end)),
      el("p", { class: "soft small" }, match.folder));
  }

  header();
  byId("matches").replaceChildren(...data.matches.map(card));
})();
