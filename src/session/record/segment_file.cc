#include "session/record/segment_file.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "hls/playlist.h"
#include "media/coded_io.h"
#include "media/libav/libav_util.h"
#include "media/timed_name.h"
#include "session/record/wall_times.h"

namespace furl::session {
namespace {

bool Exists(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0;
}

// By the second; where that is taken, as after a short break, by the millisecond.
Result<std::string> FreeName(const CameraPlace& place, int64_t begin) {
  FURL_ASSIGN_OR_RETURN(const auto name, media::TimedName::Parse(place.Videos()));
  const int64_t ms = UnixMsOf(begin);
  std::string path = name.Name(ms / 1000 * 1000);
  for (int64_t more = 0; Exists(path) || Exists(path + kPartEnding); ++more) {
    path = name.Name(ms + more);
  }
  return path;
}

}  // namespace

bool IsDiskFull(const Status& status) {
  for (const int error : {ENOSPC, EDQUOT}) {
    if (status.message().find(std::strerror(error)) != std::string::npos) return true;
  }
  return false;
}

SegmentFile::SegmentFile(std::string path, int64_t begin, const media::MediaInfo& info)
    : path_(std::move(path)), begin_(begin) {
  for (const media::StreamInfo& stream : info.streams) {
    stream_begins_.push_back(media::Rescale(begin, kWallTick, stream.time_base));
  }
}

Result<std::unique_ptr<SegmentFile>> SegmentFile::Create(const CameraPlace& place, int64_t begin,
                                                         const SegmentFormat& format) {
  FURL_ASSIGN_OR_RETURN(std::string path, FreeName(place, begin));
  media::PlaceOptions options;
  options.keeps_part = options.makes_folder = true;
  auto output = media::OutputFile::Open(path, options);
  while (!output.ok() && IsDiskFull(output.status()) && format.make_room && format.make_room()) {
    output = media::OutputFile::Open(path, options);
  }
  if (!output.ok()) return output.status();
  (*output)->set_make_room(format.make_room);
  std::unique_ptr<SegmentFile> file(new SegmentFile(std::move(path), begin, format.info));
  file->file_ = output->get();
  media::MediaInfo info = format.info;
  info.tags.emplace_back("creation_time", hls::DateTimeText(UnixMsOf(begin)));
  media::MatroskaVideoTrack track;
  track.codec_id = media::kMatroskaCodecId;
  track.codec_private.assign(format.sequence_header.begin(), format.sequence_header.end());
  FURL_ASSIGN_OR_RETURN(
      file->writer_, media::MatroskaWriter::Create(std::move(*output), info, track, format.notice));
  return file;
}

// The writer ends a cluster at each key frame, and when it gets long. What it has given away must
// not wait here: it would be lost in a process that is killed.
Status SegmentFile::Write(const media::MediaPacket& packet) {
  media::MediaPacket shifted = packet;
  const int64_t shift =
      packet.stream < 0 ? begin_ : stream_begins_[static_cast<size_t>(packet.stream)];
  shifted.pts -= shift;
  if (shifted.dts != media::kNoTimestamp) shifted.dts -= shift;
  const int64_t before = file_->size();
  FURL_RETURN_IF_ERROR(writer_->WritePacket(shifted));
  return file_->size() > before ? file_->Flush() : OkStatus();
}

Status SegmentFile::Finish() { return writer_->Finish(); }

}  // namespace furl::session
