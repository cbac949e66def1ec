#include "session/command_tag.h"

#include <fmt/format.h>

#include "media/libav/libav_util.h"
#include "model/foreign_json.h"
#include "session/settings_tag.h"

namespace furl::session {
namespace {

constexpr size_t kMostBytes = 1 << 16;
constexpr size_t kMostWords = 256;

}  // namespace

std::vector<std::string> WordsAt(const EncodeRequest& request, double crf) {
  std::vector<std::string> words;
  if (!request.encoder.rate.wanted()) words = {"--crf", fmt::format("{}", crf)};
  words.insert(words.end(), request.words->begin(), request.words->end());
  return words;
}

std::string CommandText(const std::vector<std::string>& words) {
  try {
    return nlohmann::json(words).dump();
  } catch (const nlohmann::json::exception&) {
    return {};
  }
}

Result<std::vector<std::string>> ParseCommandText(std::string_view text) {
  if (text.size() > kMostBytes) return InvalidStream("is too long");
  FURL_ASSIGN_OR_RETURN(const nlohmann::json json, model::ParseForeignJson(text));
  if (!json.is_array() || json.size() > kMostWords) return InvalidStream("is no list of words");
  std::vector<std::string> words;
  for (const nlohmann::json& word : json) {
    if (!word.is_string()) return InvalidStream("is no list of words");
    words.push_back(word.get<std::string>());
  }
  return words;
}

void SetCommandTag(const std::vector<std::string>& words, media::VideoInfo* video) {
  std::erase_if(video->tags,
                [](const auto& tag) { return !media::FindTag({tag}, kCommandTag).empty(); });
  const std::string text = CommandText(words);
  if (!text.empty()) video->tags.emplace_back(kCommandTag, text);
}

std::string GetCommandTag(const media::VideoInfo& video) {
  return media::FindTag(video.tags, kCommandTag);
}

}  // namespace furl::session
