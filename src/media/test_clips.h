// Inputs for tests, made by the ffmpeg tool on the spot.

#ifndef FURL_MEDIA_TEST_CLIPS_H_
#define FURL_MEDIA_TEST_CLIPS_H_

#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "media/libav/libav_util.h"
#include "media/video_reader.h"

namespace furl::media {

// Keeps libav's messages out of the test log.
inline const bool kQuietLibav = [] {
  RouteLibavLog(nullptr);
  return true;
}();

// A folder of its own for one test, removed with everything in it.
class TestFolder {
 public:
  TestFolder() {
    char pattern[] = "/tmp/furl_test_XXXXXX";
    path_ = mkdtemp(pattern);
  }
  ~TestFolder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Runs ffmpeg with `arguments` (shell syntax); true if it succeeded.
inline bool Ffmpeg(const std::string& arguments) {
  return std::system(("ffmpeg -nostdin -v error -y " + arguments).c_str()) == 0;
}

inline std::string FileText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// What ffprobe prints for `arguments`.
inline std::string Ffprobe(const std::string& arguments, const TestFolder& folder) {
  const std::string out = folder / "ffprobe.txt";
  const std::string command = "ffprobe -v error " + arguments + " > " + out;
  return std::system(command.c_str()) == 0 ? FileText(out) : "ffprobe failed";
}

struct ReadAll {
  Status status;  // of opening or of the first failing Next
  MediaInfo info;
  std::vector<ConstFramePtr> frames;
  std::vector<MediaPacket> packets;
  std::vector<std::string> notices;
};

inline ReadAll ReadEverything(const std::string& path, ReaderOptions options = {}) {
  ReadAll all;
  options.notice = [&all](const std::string& text) { all.notices.push_back(text); };
  options.filter.notice = options.notice;
  auto reader = OpenVideo(path, options);
  if (!reader.ok()) {
    all.status = reader.status();
    return all;
  }
  all.info = (*reader)->info();
  for (;;) {
    auto item = (*reader)->Next();
    if (!item.ok()) {
      if (item.status().code() != StatusCode::kEndOfStream) all.status = item.status();
      return all;
    }
    if (item->frame != nullptr) all.frames.push_back(item->frame);
    if (item->packet != nullptr) all.packets.push_back(std::move(*item->packet));
  }
}

}  // namespace furl::media

#endif  // FURL_MEDIA_TEST_CLIPS_H_
