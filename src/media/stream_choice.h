// Which sound or which subtitles go along, and as what.

#ifndef FURL_MEDIA_STREAM_CHOICE_H_
#define FURL_MEDIA_STREAM_CHOICE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "media/media_info.h"

namespace furl::media {

// Of one kind of streams.
struct StreamChoice {
  bool all = true;
  std::vector<int> numbers;            // from 1, among those of the kind
  std::vector<std::string> languages;  // as files call them: "eng"
  // Of sound: FFmpeg's name of the codec it becomes; empty: it is copied.
  std::string encoder;
  int64_t bits_per_second = 0;  // 0: the encoder's own choice

  bool Takes(int number, const std::string& language) const;
};

// "copy", "none", "1,3", "eng" or, where `sound`, also a codec with or without a rate and mixtures:
// "opus:96k", "eng,opus:96k". kInvalidArgument with what was expected.
Result<StreamChoice> ParseStreamChoice(const std::string& text, bool sound);

}  // namespace furl::media

#endif  // FURL_MEDIA_STREAM_CHOICE_H_
