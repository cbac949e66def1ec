#include "serve/media_type.h"

#include <algorithm>
#include <cctype>

namespace furl::serve {
namespace {

struct TypeRow {
  std::string_view end;  // small letters
  std::string_view type;
  FileKind kind;
};

constexpr TypeRow kTypes[] = {
    {".m3u8", "application/vnd.apple.mpegurl", FileKind::kPlaylist},
    {".mpd", "application/dash+xml", FileKind::kPlaylist},
    {".m4s", "video/iso.segment", FileKind::kOther},
    {".ts", "video/mp2t", FileKind::kOther},
    {".mkv", "video/x-matroska", FileKind::kVideo},
    {".webm", "video/webm", FileKind::kVideo},
    {".mp4", "video/mp4", FileKind::kVideo},
    {".m4v", "video/mp4", FileKind::kVideo},
    {".mov", "video/quicktime", FileKind::kVideo},
    {".furl", "application/octet-stream", FileKind::kVideo},
    {".m4a", "audio/mp4", FileKind::kOther},
    {".aac", "audio/aac", FileKind::kOther},
    {".opus", "audio/ogg", FileKind::kOther},
    {".ogg", "audio/ogg", FileKind::kOther},
    {".vtt", "text/vtt; charset=utf-8", FileKind::kOther},
    {".html", "text/html; charset=utf-8", FileKind::kPage},
    {".js", "text/javascript; charset=utf-8", FileKind::kScript},
    {".mjs", "text/javascript; charset=utf-8", FileKind::kScript},
    {".css", "text/css; charset=utf-8", FileKind::kOther},
    {".wasm", "application/wasm", FileKind::kOther},
    {".json", "application/json", FileKind::kOther},
    {".txt", "text/plain; charset=utf-8", FileKind::kOther},
    {".md", "text/plain; charset=utf-8", FileKind::kOther},
    {".png", "image/png", FileKind::kOther},
    {".jpg", "image/jpeg", FileKind::kOther},
    {".jpeg", "image/jpeg", FileKind::kOther},
    {".svg", "image/svg+xml", FileKind::kOther},
    {".ico", "image/x-icon", FileKind::kOther},
    {".furlmodel", "application/octet-stream", FileKind::kOther},
};
constexpr TypeRow kUnknown = {"", "application/octet-stream", FileKind::kOther};

const TypeRow& RowOf(std::string_view name) {
  const size_t dot = std::min(name.rfind('.'), name.size());
  std::string end(name.substr(dot));
  std::transform(end.begin(), end.end(), end.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto* const row = std::find_if(std::begin(kTypes), std::end(kTypes),
                                       [&](const TypeRow& r) { return r.end == end; });
  return row == std::end(kTypes) ? kUnknown : *row;
}

}  // namespace

std::string_view ContentType(std::string_view name) { return RowOf(name).type; }

FileKind KindOf(std::string_view name) { return RowOf(name).kind; }

bool IsSegment(std::string_view name) {
  const size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view end = name.substr(dot);
  const std::string_view stem = name.substr(0, dot);
  const size_t digits = stem.size() - (stem.find_last_not_of("0123456789") + 1);
  if (end == ".m4s" || end == ".ts") return digits > 0;
  // A year or a date behind a film's name is none.
  return (end == ".mkv" || end == ".vtt") && digits == 5 && stem.size() > digits &&
         stem[stem.size() - 6] == '-';
}

std::string CacheControl(std::string_view name, int segment_seconds) {
  if (!IsSegment(name) || segment_seconds == 0) return "no-cache";
  return "public, max-age=" + std::to_string(segment_seconds) + ", immutable";
}

}  // namespace furl::serve
