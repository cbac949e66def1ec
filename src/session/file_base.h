// FileBase: a base that is there already, a file's video, and what else is in that file.

#ifndef FURL_SESSION_FILE_BASE_H_
#define FURL_SESSION_FILE_BASE_H_

#include <memory>
#include <string>

#include "media/video_reader.h"
#include "session/base_source.h"

namespace furl::session {

class FileBase : public BaseSource {
 public:
  // The video of `path` as a base of pictures of the size that `original` says, sound and subtitles
  // as `options` choose them; of these also threads, notice and cancelled count. kUnsupported where
  // it can't be one: another codec, larger or deeper than the original, or smaller than a quarter
  // of its sides.
  static Result<std::unique_ptr<BaseSource>> Open(const std::string& path,
                                                  const media::ReaderOptions& options,
                                                  const media::VideoInfo& original);

  BaseFormat format() const override;
  std::string description() const override;
  std::string name() const override { return path_; }
  // All but the pictures' format is the base's: times, colours, sound, chapters, tags.
  void Describe(media::MediaInfo* info) const override;
  Status Advance(const ConstFramePtr& original, const Sinks& sinks) override;

 private:
  FileBase() = default;

  std::string path_;
  std::unique_ptr<media::VideoReader> reader_;
};

}  // namespace furl::session

#endif  // FURL_SESSION_FILE_BASE_H_
