#include "session/record/recovery.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "bitstream/packet.h"
#include "media/coded_io.h"
#include "media/input_path.h"
#include "media/output_place.h"
#include "media/timed_name.h"

namespace furl::session {
namespace {

namespace fs = std::filesystem;

// Files of a camera's days whose names end so.
std::vector<std::string> FilesEnding(const std::string& folder, const std::string& ending) {
  std::vector<std::string> paths;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    const std::string path = it->path().string();
    if (it.depth() == 1 && path.ends_with(ending)) paths.push_back(path);
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string WithoutEnding(const std::string& path, const std::string& ending) {
  return path.substr(0, path.size() - ending.size());
}

bool IsBeingWritten(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return true;
  const bool locked = flock(fd, LOCK_EX | LOCK_NB) != 0;
  close(fd);
  return locked;
}

// Says of the last packet of a GOP, which has so many frames, that it is.
Status CloseGop(int frames, media::MediaPacket* packet) {
  FURL_ASSIGN_OR_RETURN(const PacketView view, ParsePacket(packet->data));
  FrameHeader header = view.header;
  if (header.last_of_gop) return OkStatus();
  header.last_of_gop = true;
  if (!header.key()) {
    header.store_slot = -1;
    header.shown_later = frames - 1 - header.display_order;
  }
  FURL_ASSIGN_OR_RETURN(packet->data, WritePacket(header, view.side, view.latents));
  return OkStatus();
}

// Gives packets on as far as nothing is missing before them: pictures of a GOP are coded in another
// order than they are shown, and a file that ends must not have holes.
class WholePackets {
 public:
  explicit WholePackets(media::CodedWriter* writer) : writer_(writer) {}

  Status Take(media::MediaPacket packet) {
    if (packet.stream == media::kVideoStream) {
      FURL_ASSIGN_OR_RETURN(const PacketView view, ParsePacket(packet.data));
      if (view.header.key()) count_ = latest_ = 0;
      ++count_;
      latest_ = std::max(latest_, view.header.display_order);
    }
    const bool whole = packet.stream == media::kVideoStream && count_ == latest_ + 1;
    held_.push_back(std::move(packet));
    if (!whole) return OkStatus();
    whole_frames_ = count_;
    const auto ready = std::exchange(ready_, std::exchange(held_, {}));
    return Give(ready);
  }

  // There is no more.
  Status Finish() {
    if (ready_.empty()) return OkStatus();
    FURL_RETURN_IF_ERROR(CloseGop(whole_frames_, &ready_.back()));
    return Give(ready_);
  }

  int64_t given() const { return given_; }
  int64_t end() const { return end_; }  // of the latest picture, in ticks

 private:
  Status Give(const std::vector<media::MediaPacket>& packets) {
    for (const media::MediaPacket& packet : packets) {
      if (packet.stream == media::kVideoStream) {
        ++given_;
        end_ = std::max(end_, packet.pts + packet.duration);
      }
      if (given_ > 0) FURL_RETURN_IF_ERROR(writer_->WritePacket(packet));
    }
    return OkStatus();
  }

  media::CodedWriter* const writer_;
  std::vector<media::MediaPacket> held_;   // something before them is missing yet
  std::vector<media::MediaPacket> ready_;  // nothing is; the last one is of video
  int count_ = 0;                          // packets of the GOP
  int latest_ = 0;                         // their highest place in display order
  int whole_frames_ = 0;                   // of the GOP, up to the end of ready_
  int64_t given_ = 0;
  int64_t end_ = 0;
};

// Until the first damage, which is where the part ends.
Status CopyWhole(media::CodedReader* reader, WholePackets* out, const media::CancelFn& cancelled) {
  for (;;) {
    if (cancelled && cancelled()) return {StatusCode::kCancelled, "interrupted"};
    auto packet = reader->Next();
    if (!packet.ok()) {
      const StatusCode code = packet.status().code();
      const bool end = code == StatusCode::kEndOfStream || code == StatusCode::kInvalidStream;
      return end ? OkStatus() : packet.status();
    }
    const Status taken = out->Take(std::move(*packet));
    if (taken.code() == StatusCode::kInvalidStream) return OkStatus();
    FURL_RETURN_IF_ERROR(taken);
  }
}

// The length in seconds of what came of the part; 0 if it has no picture.
Result<double> RecoverOne(const std::string& left, const std::string& path,
                          const media::CancelFn& cancelled) {
  media::CodedReaderOptions options;
  options.cancelled = cancelled;
  auto reader = media::OpenCoded(left, options);
  if (!reader.ok()) {
    const bool empty = reader.status().code() == StatusCode::kInvalidStream ||
                       reader.status().code() == StatusCode::kUnsupported;
    return empty ? Result<double>(0) : reader.status();
  }
  FURL_ASSIGN_OR_RETURN(
      const auto writer,
      media::OpenCodedWriter(path, (*reader)->info(), (*reader)->sequence_header(), {}));
  WholePackets out(writer.get());
  FURL_RETURN_IF_ERROR(CopyWhole(reader->get(), &out, cancelled));
  FURL_RETURN_IF_ERROR(out.Finish());
  if (out.given() == 0) return 0;
  FURL_RETURN_IF_ERROR(writer->Finish());
  return static_cast<double>(out.end()) * (*reader)->info().video.time_base.value();
}

}  // namespace

Status SetPartsAside(const CameraPlace& place) {
  for (const std::string& part : FilesEnding(place.folder, std::string(".mkv") + kPartEnding)) {
    if (IsBeingWritten(part)) return IoError(part + ": another run is writing to it");
    const std::string left = WithoutEnding(part, kPartEnding) + kLeftEnding;
    // Where there is one already, the part is a copy of it that was not completed.
    const bool copy = media::IsFile(left);
    const int failed = copy ? unlink(part.c_str()) : std::rename(part.c_str(), left.c_str());
    if (failed != 0) return IoError(part + ": " + std::strerror(errno));
  }
  for (const std::string& part : FilesEnding(place.folder, std::string(".jpg") + kPartEnding)) {
    (void)unlink(part.c_str());
  }
  return OkStatus();
}

Result<Recovered> RecoverParts(const std::string& camera, const CameraPlace& place,
                               Archive* archive, const media::NoticeFn& notice,
                               const media::CancelFn& cancelled) {
  Recovered recovered;
  FURL_ASSIGN_OR_RETURN(const auto name, media::TimedName::Parse(place.Videos()));
  for (const std::string& left : FilesEnding(place.folder, kLeftEnding)) {
    const std::string path = WithoutEnding(left, kLeftEnding);
    const int64_t time = name.TimeOf(path);
    if (time == 0) continue;
    const bool done = media::IsFile(path);  // a run before came so far, and was killed then
    const auto seconds = done ? Result<double>(0) : RecoverOne(left, path, cancelled);
    if (!seconds.ok() && seconds.status().code() == StatusCode::kCancelled) {
      return seconds.status();
    }
    if (!seconds.ok()) {
      if (notice) notice(left + " stays: " + seconds.status().message());
      continue;
    }
    if (*seconds > 0) archive->Add(camera, path, time);
    recovered.files += *seconds > 0;
    recovered.lost += *seconds == 0 && !done;
    recovered.seconds += *seconds;
    FURL_RETURN_IF_ERROR(media::RemoveOutput(left, /*with_folder=*/true));
  }
  return recovered;
}

}  // namespace furl::session
