#include "session/file_base.h"

#include <fmt/format.h>

#include <utility>

namespace furl::session {
namespace {

constexpr int kLeastPart = 4;  // of the original's sides (docs/bitstream.md)

Status CheckPictures(const std::string& path, const media::VideoInfo& base,
                     const media::VideoInfo& original) {
  if (base.bit_depth > original.bit_depth) {
    return Unsupported(fmt::format("{} has {} bit, the original {}; a base has no more", path,
                                   base.bit_depth, original.bit_depth));
  }
  const bool larger = base.width > original.width || base.height > original.height;
  const bool tiny =
      base.width * kLeastPart < original.width || base.height * kLeastPart < original.height;
  if (!larger && !tiny) return OkStatus();
  return Unsupported(fmt::format("{} has {}x{}, the original {}x{}; a base is {}", path, base.width,
                                 base.height, original.width, original.height,
                                 larger ? "no larger" : "at least a quarter of each side"));
}

}  // namespace

Result<std::unique_ptr<BaseSource>> FileBase::Open(const std::string& path,
                                                   const media::ReaderOptions& options,
                                                   const media::VideoInfo& original) {
  std::unique_ptr<FileBase> base(new FileBase);
  media::ReaderOptions reader;
  reader.video_packets = true;
  reader.filter.deinterlace = media::Deinterlace::kNo;
  reader.filter.notice = options.notice;
  reader.sound = options.sound;
  reader.subtitles = options.subtitles;
  reader.threads = options.threads;
  reader.notice = options.notice;
  reader.cancelled = options.cancelled;
  base->path_ = path;
  FURL_ASSIGN_OR_RETURN(base->reader_, media::OpenVideo(path, reader));
  FURL_RETURN_IF_ERROR(CheckPictures(path, base->reader_->info().video, original));
  return std::unique_ptr<BaseSource>(std::move(base));
}

BaseFormat FileBase::format() const {
  const media::VideoInfo& video = reader_->info().video;
  return {video.width, video.height, video.bit_depth};
}

std::string FileBase::description() const {
  const media::VideoInfo& video = reader_->info().video;
  return fmt::format("{}-bit {} as it was, {}x{}", video.bit_depth, reader_->info().base->codec,
                     video.width, video.height);
}

void FileBase::Describe(media::MediaInfo* info) const {
  const media::VideoInfo original = info->video;
  *info = reader_->info();
  media::VideoInfo& video = info->video;
  video.width = original.width;
  video.height = original.height;
  video.bit_depth = original.bit_depth;
  video.sample_aspect = original.sample_aspect;
  // What the base doesn't say of its colours is left to guess, which the original may know.
  if (video.color == ColorTags()) video.color = original.color;
  if (!video.mastering) video.mastering = original.mastering;
  if (!video.light) video.light = original.light;
}

// Reads on until there is one more picture.
Status FileBase::Advance(const ConstFramePtr& original, const Sinks& sinks) {
  for (;;) {
    auto item = reader_->Next();
    const bool ended = item.status().code() == StatusCode::kEndOfStream;
    if (ended && original == nullptr) return OkStatus();
    FURL_RETURN_IF_ERROR(item.status());
    if (item->packet != nullptr) {
      FURL_RETURN_IF_ERROR(sinks.packet(std::move(*item->packet)));
      continue;
    }
    FURL_RETURN_IF_ERROR(sinks.picture(item->frame));
    if (original != nullptr) return OkStatus();
  }
}

}  // namespace furl::session
