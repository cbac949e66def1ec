#include "cli/info_container.h"

#include <fmt/format.h>

#include <filesystem>

#include "media/byte_input.h"
#include "media/describe.h"
#include "media/libav/libav_util.h"

namespace furl::cli {
namespace {

// -1: it is no file, but a pipe.
int64_t FileBytes(const std::string& path) {
  std::error_code error;
  if (path == "-" || !std::filesystem::is_regular_file(path, error)) return -1;
  const auto bytes = std::filesystem::file_size(path, error);
  return error ? -1 : static_cast<int64_t>(bytes);
}

void ShowStream(const media::StreamInfo& stream, int64_t bytes, Console& console) {
  const char* kind = stream.kind == media::StreamKind::kAudio ? "audio" : "subtitle";
  const std::string language = media::FindTag(stream.tags, "language");
  const std::string sound = media::SoundText(stream);
  std::string text = fmt::format("{:<10} {}", kind, stream.codec);
  if (!language.empty()) text += " " + language;
  if (!sound.empty()) text += ", " + sound;
  console.Print(fmt::format("{}, {}\n", text, HumanBytes(static_cast<double>(bytes))));
  console.Json({{"type", "stream"},
                {"kind", kind},
                {"codec", stream.codec},
                {"language", language},
                {"sample_rate", media::SampleRate(stream)},
                {"channels", media::ChannelsText(stream)},
                {"bytes", bytes}});
}

}  // namespace

void ShowContainer(const std::string& path, const media::MediaInfo& info, Console& console) {
  const int64_t bytes = FileBytes(path);
  const std::string size =
      bytes < 0 ? "" : fmt::format(" ({})", HumanBytes(static_cast<double>(bytes)));
  console.Print(fmt::format("file       {}{}\ncontainer  {}\n", path, size, info.format));
  const auto seal = media::SealOf(path);
  const std::string secret = seal ? seal::SecretText(*seal) : "";
  if (seal) console.Print(fmt::format("encrypted  with {}\n", secret));
  nlohmann::ordered_json tags = nlohmann::ordered_json::object();
  for (const auto& [key, value] : info.tags) {
    console.Print(fmt::format("tag        {} = {}\n", key, value));
    tags[key] = value;
  }
  console.Json({{"type", "container"},
                {"path", path},
                {"bytes", bytes},
                {"format", info.format},
                {"encrypted", secret},
                {"duration", info.duration_seconds},
                {"chapters", info.chapters.size()},
                {"attachments", info.attachments.size()},
                {"tags", tags}});
}

void ShowBase(const SequenceHeader& header, const media::BaseInfo& base, int64_t bytes,
              Console& console) {
  console.Print(fmt::format("base       {}, {}x{}, {} bit, {}\n", base.codec, header.base->width,
                            header.base->height, header.base->bit_depth,
                            HumanBytes(static_cast<double>(bytes))));
  console.Json({{"type", "base"},
                {"codec", base.codec},
                {"width", header.base->width},
                {"height", header.base->height},
                {"bit_depth", header.base->bit_depth},
                {"bytes", bytes}});
}

void ShowStreams(const media::MediaInfo& info, const std::vector<int64_t>& bytes,
                 Console& console) {
  for (size_t i = 0; i < info.streams.size(); ++i) ShowStream(info.streams[i], bytes[i], console);
  for (const media::Chapter& chapter : info.chapters) {
    const std::string start = HumanTime(static_cast<double>(chapter.start_ns) * 1e-9);
    console.Print(fmt::format("chapter    {} {}\n", start, media::FindTag(chapter.tags, "title")));
  }
  for (const media::Attachment& attachment : info.attachments) {
    console.Print(fmt::format("attachment {} ({}, {})\n", attachment.file_name,
                              attachment.mime_type,
                              HumanBytes(static_cast<double>(attachment.data->size()))));
  }
}

}  // namespace furl::cli
