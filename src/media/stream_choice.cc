#include "media/stream_choice.h"

#include <strings.h>

#include <algorithm>
#include <charconv>

namespace furl::media {
namespace {

struct SoundCodec {
  const char* name;
  const char* encoder;  // FFmpeg's
};

constexpr SoundCodec kSoundCodecs[] = {
    {"opus", "libopus"}, {"aac", "aac"},        {"flac", "flac"},
    {"ac3", "ac3"},      {"mp3", "libmp3lame"}, {"vorbis", "libvorbis"},
};

constexpr int64_t kLeastRate = 500;  // "96" is meant to be 96k
constexpr int64_t kMostRate = 10000000;

const SoundCodec* FindSoundCodec(const std::string& name) {
  for (const SoundCodec& codec : kSoundCodecs) {
    if (strcasecmp(codec.name, name.c_str()) == 0) return &codec;
  }
  return nullptr;
}

template <typename T>
bool ParseWhole(const std::string& text, T* value) {
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, *value);
  return error == std::errc() && rest == end;
}

// "96k" or "96000".
bool ParseRate(std::string text, int64_t* rate) {
  int64_t factor = 1;
  if (text.ends_with('k') || text.ends_with('K')) {
    text.pop_back();
    factor = 1000;
  }
  if (!ParseWhole(text, rate) || *rate < 1 || *rate > kMostRate) return false;
  *rate *= factor;
  return *rate >= kLeastRate && *rate <= kMostRate;
}

bool IsLanguage(const std::string& text) {
  return text.size() >= 2 && text.size() <= 8 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
         });
}

// Takes one item of the list; false if it is none.
bool TakeItem(const std::string& item, bool sound, StreamChoice* choice) {
  const size_t colon = item.find(':');
  const SoundCodec* codec = sound ? FindSoundCodec(item.substr(0, colon)) : nullptr;
  if (codec != nullptr) {
    choice->encoder = codec->encoder;
    return colon == std::string::npos ||
           ParseRate(item.substr(colon + 1), &choice->bits_per_second);
  }
  int number = 0;
  if (ParseWhole(item, &number)) {
    choice->numbers.push_back(number);
    choice->all = false;
    return number >= 1;
  }
  if (!IsLanguage(item)) return false;
  choice->languages.push_back(item);
  choice->all = false;
  return true;
}

}  // namespace

bool StreamChoice::Takes(int number, const std::string& language) const {
  if (all || std::find(numbers.begin(), numbers.end(), number) != numbers.end()) return true;
  return std::any_of(languages.begin(), languages.end(), [&language](const std::string& wanted) {
    return strcasecmp(wanted.c_str(), language.c_str()) == 0;
  });
}

Result<StreamChoice> ParseStreamChoice(const std::string& text, bool sound) {
  StreamChoice choice;
  if (text == "copy") return choice;
  if (text == "none") {
    choice.all = false;
    return choice;
  }
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    const std::string item = text.substr(begin, end - begin);
    if (item != "copy" && !TakeItem(item, sound, &choice)) {
      const char* codec = sound ? ", a codec (opus:96k, aac, flac, ac3, mp3, vorbis)" : "";
      return InvalidArgument("\"" + text + "\" is not copy, none or a list of numbers from 1 and " +
                             "languages (eng)" + codec);
    }
    begin = end + 1;
  }
  return choice;
}

}  // namespace furl::media
