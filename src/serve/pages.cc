#include "serve/pages.h"

#include <cstdio>

#include "base/embed.h"
#include "base/html.h"
#include "serve/media_type.h"
#include "serve/request_path.h"

FURL_EMBED(furl_serve_page_css, FURL_SERVE_PAGES_DIR "/page.css");

namespace furl::serve {
namespace {

using Names = std::vector<std::string>;

std::string Isolated(std::string_view text) { return "<bdi>" + EscapeHtml(text) + "</bdi>"; }

std::string Anchor(const std::string& link, const std::string& content) {
  return "<a href=\"" + link + "\">" + content + "</a>";  // links need no escapes: LinkTo
}

std::string PlayLink(const Names& names) {
  Names all = {kOwnName, kPlayName};
  all.insert(all.end(), names.begin(), names.end());
  return LinkTo(all, false);
}

// The way from the top to here, each a link but the last.
std::string Trail(const Names& names) {
  std::string trail = "<nav>" + Anchor("/", "furl");
  for (size_t i = 0; i < names.size(); ++i) {
    const bool last = i + 1 == names.size();
    const Names folder(names.begin(), names.begin() + static_cast<ptrdiff_t>(i) + 1);
    const std::string name = Isolated(names[i]);
    trail += " / " + (last ? "<b>" + name + "</b>" : Anchor(LinkTo(folder, true), name));
  }
  return trail + "</nav>\n";
}

std::string Page(std::string_view title, const std::string& head, const std::string& body) {
  return "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width\">\n<title>" +
         EscapeHtml(title) + "</title>\n<link rel=\"stylesheet\" href=\"" +
         LinkTo({kOwnName, kStyleName}, false) + "\">\n<link rel=\"icon\" href=\"data:,\">\n" +
         head + "<body>\n" + body + "</body>\n</html>\n";
}

std::string SizeText(int64_t bytes) {
  constexpr const char* kUnits[] = {"B", "kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 999.5 && unit + 1 < std::size(kUnits)) {
    value /= 1000;
    ++unit;
  }
  char text[32];
  std::snprintf(text, sizeof(text), unit > 0 && value < 9.95 ? "%.1f %s" : "%.0f %s", value,
                kUnits[unit]);
  return text;
}

std::string PlayablesOf(const Listing& listing) {
  std::string cards;
  for (const Playable& playable : listing.playables) {
    cards += "<li>" +
             Anchor(PlayLink(playable.names),
                    "<span class=\"sign\"></span>" + Isolated(playable.title) + "<small>" +
                        (playable.package ? "stream" : "video") + "</small>") +
             "</li>\n";
  }
  return cards.empty() ? "<p>Nothing to play in this folder.</p>\n"
                       : "<ul class=\"cards\">\n" + cards + "</ul>\n";
}

std::string RowOf(const Names& names, const FolderEntry& entry) {
  Names all = names;
  all.push_back(entry.name);
  const std::string slash = entry.folder ? "/" : "";
  return "<tr><td>" + Anchor(LinkTo(all, entry.folder), Isolated(entry.name) + slash) +
         "</td><td>" + (entry.folder ? "" : SizeText(entry.version.size)) + "</td><td>" +
         HttpDate(entry.version.seconds).substr(5, 17) + "</td></tr>\n";
}

std::string FilesOf(const Names& names, const Listing& listing) {
  std::string table = "<table>\n";
  for (const FolderEntry& entry : listing.list.entries) table += RowOf(names, entry);
  table += "</table>\n";
  if (listing.list.cut) table += "<p>There are more; these are some.</p>\n";
  const std::string open = listing.playables.empty() ? " open" : "";
  return "<details" + open + "><summary>All files</summary>\n" + table + "</details>\n";
}

// What browsers play without help.
bool IsNative(std::string_view name) {
  const std::string_view type = ContentType(name);
  return type == "video/mp4" || type == "video/webm" || type == "video/quicktime";
}

constexpr char kNoPlayer[] =
    "<p class=\"hint\">The furl player isn't installed here, so this is the browser's own, which "
    "can't show furl's part. <code>furl serve --player FOLDER</code> names the player's folder; "
    "docs/web.md says how to make it.</p>\n";

}  // namespace

std::string_view PageStyle() { return FURL_EMBEDDED(furl_serve_page_css); }

std::string FolderPage(const Names& names, const Listing& listing) {
  const std::string_view title = names.empty() ? "furl" : std::string_view(names.back());
  return Page(title, "", Trail(names) + PlayablesOf(listing) + FilesOf(names, listing));
}

std::string PlayPage(const Names& names, bool player) {
  const std::string source = "src=\"" + LinkTo(names, false) + "\"";
  const bool own = player && !IsNative(names.back());
  const std::string head = own ? "<script type=\"module\" src=\"" +
                                     LinkTo({kOwnName, kPlayerName, "furl-player.js"}, false) +
                                     "\"></script>\n"
                               : "";
  const std::string video = own ? "<furl-player " + source + "></furl-player>\n"
                                : "<video controls playsinline " + source + "></video>\n";
  const std::string hint = player || IsNative(names.back()) ? "" : kNoPlayer;
  return Page(names.back(), head,
              Trail(names) + video + hint + "<p>" +
                  Anchor(LinkTo(names, false), "Address of the file") +
                  ", for other players.</p>\n");
}

}  // namespace furl::serve
