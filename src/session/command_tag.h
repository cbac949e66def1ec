// The tag that says with which options a file is made again.

#ifndef FURL_SESSION_COMMAND_TAG_H_
#define FURL_SESSION_COMMAND_TAG_H_

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "media/media_info.h"
#include "session/encode_run.h"

namespace furl::session {

// The words of a request that has some, at one crf. Those of a rate in one pass have no crf.
std::vector<std::string> WordsAt(const EncodeRequest& request, double crf);

// Words as the tag's text, a JSON array; empty where they are no UTF-8, which a tag must be.
std::string CommandText(const std::vector<std::string>& words);

// The words in such a text, which may come from anybody: nothing says that they are options.
// kInvalidStream.
Result<std::vector<std::string>> ParseCommandText(std::string_view text);

// The tag, kCommandTag (settings_tag.h), in place of what the source had.
void SetCommandTag(const std::vector<std::string>& words, media::VideoInfo* video);

// Empty if there is none.
std::string GetCommandTag(const media::VideoInfo& video);

}  // namespace furl::session

#endif  // FURL_SESSION_COMMAND_TAG_H_
