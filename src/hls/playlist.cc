#include "hls/playlist.h"

#include <fmt/format.h>

namespace furl::hls {
namespace {

constexpr int kVersion = 7;  // EXT-X-MAP for segments of any kind
constexpr char kSoundGroup[] = "sound";
constexpr char kTextGroup[] = "text";

// Quoted strings have no quotes, line ends and the like.
std::string Quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < ' ' || c == 0x7f;
    out += c == '"' ? '\'' : (control ? ' ' : c);
  }
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

}  // namespace

std::string WriteMediaPlaylist(const MediaPlaylist& list) {
  std::string text = fmt::format(
      "#EXTM3U\n#EXT-X-VERSION:{}\n#EXT-X-TARGETDURATION:{}\n#EXT-X-MEDIA-SEQUENCE:{}\n", kVersion,
      list.target, list.sequence);
  if (list.ended) text += "#EXT-X-PLAYLIST-TYPE:VOD\n";
  std::string init;
  for (const Segment& segment : list.segments) {
    if (segment.init != init) text += "#EXT-X-MAP:URI=" + Quoted(segment.init) + "\n";
    init = segment.init;
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
