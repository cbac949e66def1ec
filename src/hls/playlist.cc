#include "hls/playlist.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <string_view>
#include <utility>

namespace furl::hls {
namespace {

constexpr int kVersion = 7;  // EXT-X-MAP for segments of any kind
constexpr char kSoundGroup[] = "sound";
constexpr char kTextGroup[] = "text";
constexpr char kOrigin[] = "# furl origin ";

bool IsControl(char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }

// Quoted strings have no quotes, line ends and the like.
std::string Quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? '\'' : (IsControl(c) ? ' ' : c);
  return out + '"';
}

std::string RenditionLine(const Rendition& r) {
  const bool sound = r.kind == Rendition::Kind::kSound;
  std::string line =
      fmt::format("#EXT-X-MEDIA:TYPE={},GROUP-ID=\"{}\",NAME={}", sound ? "AUDIO" : "SUBTITLES",
                  sound ? kSoundGroup : kTextGroup, Quoted(r.name));
  if (!r.language.empty()) line += ",LANGUAGE=" + Quoted(r.language);
  line += fmt::format(",DEFAULT={},AUTOSELECT=YES", r.is_default ? "YES" : "NO");
  if (!sound && r.is_forced) line += ",FORCED=YES";
  if (sound && r.channels > 0) line += fmt::format(",CHANNELS=\"{}\"", r.channels);
  return line + ",URI=" + Quoted(r.uri) + "\n";
}

constexpr int64_t kMsPerDay = 86'400'000;

// The number that `text` is, whole. kInvalidStream if it is none.
template <typename Number>
Result<Number> NumberOf(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return InvalidStream("a number is expected");
  }
  return value;
}

Status CheckFileName(std::string_view name) {
  const bool leads_out =
      name.empty() || name.front() == '.' || name.find_first_of("/\\:") != std::string_view::npos;
  // Quoted would write another name than was read.
  const bool unwritable = std::any_of(name.begin(), name.end(), IsControl);
  return leads_out || unwritable ? InvalidStream("this is no name of a file beside the playlist")
                                 : OkStatus();
}

// Reads a playlist line by line.
class MediaPlaylistReader {
 public:
  Status Take(std::string_view line) {
    if (line.empty()) return OkStatus();
    if (line.front() != '#') return TakeUri(line);
    if (line == "#EXT-X-ENDLIST") list_.ended = true;
    if (line == "#EXT-X-DISCONTINUITY") next_.apart = true;
    FURL_RETURN_IF_ERROR(TakeNumber(line, "#EXT-X-TARGETDURATION:", &list_.target));
    FURL_RETURN_IF_ERROR(TakeNumber(line, "#EXT-X-MEDIA-SEQUENCE:", &list_.sequence));
    FURL_RETURN_IF_ERROR(TakeNumber(line, "#EXT-X-DISCONTINUITY-SEQUENCE:", &list_.breaks));
    FURL_RETURN_IF_ERROR(TakeTime(line, kOrigin, &list_.origin_ms));
    FURL_RETURN_IF_ERROR(TakeTime(line, kDateTime, &next_.wall_ms));
    if (line.starts_with(kMap)) FURL_RETURN_IF_ERROR(TakeMap(line.substr(kMap.size())));
    return line.starts_with(kInf) ? TakeSeconds(line.substr(kInf.size())) : OkStatus();
  }

  MediaPlaylist list() && { return std::move(list_); }

 private:
  static constexpr std::string_view kDateTime = "#EXT-X-PROGRAM-DATE-TIME:";
  static constexpr std::string_view kMap = "#EXT-X-MAP:URI=\"";
  static constexpr std::string_view kInf = "#EXTINF:";

  template <typename Number>
  static Status TakeNumber(std::string_view line, std::string_view tag, Number* value) {
    if (!line.starts_with(tag)) return OkStatus();
    FURL_ASSIGN_OR_RETURN(*value, NumberOf<Number>(line.substr(tag.size())));
    return *value >= 0 ? OkStatus() : InvalidStream("a number below zero");
  }

  static Status TakeTime(std::string_view line, std::string_view tag,
                         std::optional<int64_t>* value) {
    if (!line.starts_with(tag)) return OkStatus();
    FURL_ASSIGN_OR_RETURN(*value, ParseDateTime(std::string(line.substr(tag.size()))));
    return OkStatus();
  }

  Status TakeMap(std::string_view rest) {
    const std::string_view name = rest.substr(0, rest.find('"'));
    FURL_RETURN_IF_ERROR(CheckFileName(name));
    init_ = name;
    return OkStatus();
  }

  Status TakeSeconds(std::string_view rest) {
    FURL_ASSIGN_OR_RETURN(next_.seconds, NumberOf<double>(rest.substr(0, rest.find(','))));
    const bool sane = std::isfinite(next_.seconds) && next_.seconds >= 0;
    return sane ? OkStatus() : InvalidStream("a length that can't be");
  }

  Status TakeUri(std::string_view name) {
    FURL_RETURN_IF_ERROR(CheckFileName(name));
    next_.uri = name;
    next_.init = init_;
    list_.segments.push_back(std::exchange(next_, {}));
    return OkStatus();
  }

  MediaPlaylist list_;
  Segment next_;
  std::string init_;
};

}  // namespace

std::string DateTimeText(int64_t unix_ms) {
  const std::chrono::sys_days day{std::chrono::days(unix_ms / kMsPerDay)};
  const std::chrono::year_month_day date(day);
  const int64_t ms = unix_ms % kMsPerDay;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
}

Result<int64_t> ParseDateTime(const std::string& text) {
  // The digits of DateTimeText stand where these do.
  constexpr std::string_view kForm = "0000-00-00T00:00:00.000Z";
  bool alike = text.size() == kForm.size();
  for (size_t i = 0; alike && i < kForm.size(); ++i) {
    alike = kForm[i] == '0' ? text[i] >= '0' && text[i] <= '9' : text[i] == kForm[i];
  }
  if (!alike) return InvalidStream("this is no time like 2026-11-30T09:24:52.123Z");
  const auto part = [&](size_t at, size_t size) {
    return *NumberOf<int>(std::string_view(text).substr(at, size));
  };
  const std::chrono::year_month_day date(std::chrono::year(part(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(part(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(part(8, 2))));
  if (!date.ok() || part(0, 4) < 1970 || part(11, 2) > 23 || part(14, 2) > 59 || part(17, 2) > 59) {
    return InvalidStream("there is no such time");
  }
  const int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return days * kMsPerDay + part(11, 2) * 3'600'000LL + part(14, 2) * 60'000LL +
         part(17, 2) * 1000LL + part(20, 3);
}

Result<MediaPlaylist> ReadMediaPlaylist(const std::string& text) {
  std::string_view rest = text;
  MediaPlaylistReader reader;
  for (int number = 1; !rest.empty(); ++number) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const bool headless = number == 1 && line != "#EXTM3U";
    const Status taken = headless ? InvalidStream("this is no HLS playlist") : reader.Take(line);
    if (!taken.ok()) return taken.WithContext(fmt::format("line {}", number));
  }
  MediaPlaylist list = std::move(reader).list();
  if (text.empty()) return InvalidStream("this is no HLS playlist");
  return list;
}

std::string WriteMediaPlaylist(const MediaPlaylist& list) {
  std::string text = fmt::format(
      "#EXTM3U\n#EXT-X-VERSION:{}\n#EXT-X-TARGETDURATION:{}\n#EXT-X-MEDIA-SEQUENCE:{}\n", kVersion,
      list.target, list.sequence);
  if (list.breaks > 0) text += fmt::format("#EXT-X-DISCONTINUITY-SEQUENCE:{}\n", list.breaks);
  if (list.ended && !list.sliding) text += "#EXT-X-PLAYLIST-TYPE:VOD\n";
  if (list.origin_ms) text += kOrigin + DateTimeText(*list.origin_ms) + "\n";
  std::string init;
  for (const Segment& segment : list.segments) {
    if (segment.apart) text += "#EXT-X-DISCONTINUITY\n";
    if (segment.init != init) text += "#EXT-X-MAP:URI=" + Quoted(segment.init) + "\n";
    init = segment.init;
    if (segment.wall_ms) {
      text += "#EXT-X-PROGRAM-DATE-TIME:" + DateTimeText(*segment.wall_ms) + "\n";
    }
    text += fmt::format("#EXTINF:{:.5f},\n{}\n", segment.seconds, segment.uri);
  }
  if (list.ended) text += "#EXT-X-ENDLIST\n";
  return text;
}

std::string WriteMasterPlaylist(const MasterPlaylist& list) {
  std::string text =
      fmt::format("#EXTM3U\n#EXT-X-VERSION:{}\n#EXT-X-INDEPENDENT-SEGMENTS\n", kVersion);
  std::string groups;
  for (const auto kind : {Rendition::Kind::kSound, Rendition::Kind::kText}) {
    const bool sound = kind == Rendition::Kind::kSound;
    bool any = false;
    for (const Rendition& rendition : list.renditions) {
      if (rendition.kind != kind) continue;
      any = true;
      text += RenditionLine(rendition);
    }
    if (any && sound) groups += fmt::format(",AUDIO=\"{}\"", kSoundGroup);
    if (any && !sound) groups += fmt::format(",SUBTITLES=\"{}\"", kTextGroup);
  }
  for (const Variant& v : list.variants) {
    text += fmt::format(
        "#EXT-X-STREAM-INF:BANDWIDTH={},AVERAGE-BANDWIDTH={},CODECS=\"{}\",RESOLUTION={}x{},"
        "FRAME-RATE={:.3f}{}\n{}\n",
        v.peak, v.mean, v.codecs, v.width, v.height, v.frame_rate, groups, v.uri);
  }
  return text;
}

}  // namespace furl::hls
