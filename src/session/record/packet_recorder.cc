#include "session/record/packet_recorder.h"

#include <algorithm>
#include <utility>

#include "session/record/wall_times.h"

namespace furl::session {
namespace {

// In memory, of one camera; the oldest go first.
constexpr int64_t kMostKept = int64_t{64} << 20;
constexpr size_t kMostOthers = 4096;
constexpr size_t kMostPast = 16;
// After a failure, of the camera's time.
constexpr int64_t kRetry = 5 * kWallTicks;

int64_t BytesOf(const media::MediaPacket& packet) {
  return static_cast<int64_t>(packet.data.size());
}

}  // namespace

PacketRecorder::PacketRecorder(Options options, SegmentFormat format, Archive* archive,
                               CameraCounters* counters, media::NoticeFn notice)
    : options_(std::move(options)),
      format_(std::move(format)),
      archive_(archive),
      counters_(counters),
      notice_(std::move(notice)),
      writing_(options_.mode == RecordMode::kAlways) {
  format_.make_room = [this] { return archive_->RemoveOldest(); };
}

double PacketRecorder::SecondsOf(const media::MediaPacket& packet) const {
  const Rational tick = packet.stream < 0
                            ? kWallTick
                            : format_.info.streams[static_cast<size_t>(packet.stream)].time_base;
  return static_cast<double>(packet.pts) * tick.value();
}

void PacketRecorder::Take(media::MediaPacket packet) {
  if (packet.stream != media::kVideoStream) {
    if (others_.size() < kMostOthers) others_.push_back(std::move(packet));
    return;
  }
  GiveOthers(packet.key ? packet.pts : std::max(front_, packet.pts));
  front_ = std::max(front_, packet.pts);
  front_end_ = std::max(front_end_, packet.pts + packet.duration);
  if (packet.key) TakeKey(packet);
  Give(std::move(packet));
}

void PacketRecorder::GiveOthers(int64_t time) {
  const double seconds = static_cast<double>(time) * kWallTick.value();
  while (!others_.empty() && SecondsOf(others_.front()) < seconds) {
    media::MediaPacket packet = std::move(others_.front());
    others_.pop_front();
    Give(std::move(packet));
  }
}

void PacketRecorder::TakeKey(const media::MediaPacket& packet) {
  if (writing_ && end_ && packet.pts >= *end_) {
    CloseFile();
    writing_ = false;
    end_.reset();
  }
  if (!writing_) {
    gops_.push_back({packet.pts});
    const auto too_much = [&] {
      const bool too_old = gops_.size() > 1 && gops_[1].begin <= packet.pts - options_.pre;
      return too_old || (gops_.size() > 1 && kept_bytes_ > kMostKept);
    };
    while (too_much()) {
      kept_bytes_ -= gops_.front().bytes;
      gops_.pop_front();
    }
    return;
  }
  if (file_ != nullptr && IsNewSegment(packet.pts)) CloseFile();
  if (file_ == nullptr && packet.pts >= retry_) OpenFile(packet.pts);
}

bool PacketRecorder::IsNewSegment(int64_t time) const {
  const bool too_large = options_.most_bytes > 0 && file_->bytes() > options_.most_bytes;
  return too_large || time / options_.segment > cell_;
}

void PacketRecorder::Give(media::MediaPacket packet) {
  if (writing_) {
    Write(packet);
  } else if (!gops_.empty()) {
    Keep(std::move(packet));
  }
}

void PacketRecorder::Keep(media::MediaPacket packet) {
  gops_.back().bytes += BytesOf(packet);
  kept_bytes_ += BytesOf(packet);
  gops_.back().packets.push_back(std::move(packet));
}

void PacketRecorder::BeginEvent(int64_t time) {
  end_.reset();
  if (writing_) return;
  writing_ = true;
  while (gops_.size() > 1 && gops_[1].begin <= time - options_.pre) gops_.pop_front();
  kept_bytes_ = 0;
  for (const Gop& gop : std::exchange(gops_, {})) {
    for (const media::MediaPacket& packet : gop.packets) {
      if (packet.stream == media::kVideoStream && packet.key) TakeKey(packet);
      Write(packet);
    }
  }
}

void PacketRecorder::OpenFile(int64_t begin) {
  cell_ = begin / options_.segment;
  auto file = SegmentFile::Create(options_.place, begin, format_);
  if (!file.ok()) return Fail(file.status());
  file_ = std::move(*file);
  format_.notice = nullptr;  // was told what streams are left out
  past_.push_back({begin, file_->path()});
  if (past_.size() > kMostPast) past_.pop_front();
  if (std::exchange(failed_, false) && notice_) notice_(file_->path() + ": writes again");
}

void PacketRecorder::Write(const media::MediaPacket& packet) {
  if (file_ == nullptr) {
    if (failed_) ++counters_->lost_packets;
    return;
  }
  const int64_t coming = BytesOf(packet);
  archive_->SetGrowing(options_.camera, file_->bytes());
  Status status;
  if (!archive_->MakeRoom(coming, UnixMsOf(front_))) {
    status = LimitExceeded(file_->path() + ": the quota is too small for it");
  } else {
    status = file_->Write(packet);
  }
  if (!status.ok()) Fail(status);
}

// What there is of the file stays as a part, which the next run makes a file of.
void PacketRecorder::Fail(const Status& status) {
  ++counters_->write_failures;
  if (!std::exchange(failed_, true) && notice_) {
    notice_(status.message() + "; recording is lost until that is mended");
  }
  if (file_ != nullptr) archive_->SetGrowing(file_->path(), file_->bytes());
  file_.reset();
  archive_->SetGrowing(options_.camera, 0);
  retry_ = front_ + kRetry;
}

void PacketRecorder::Finish() {
  GiveOthers(front_end_);
  CloseFile();
}

void PacketRecorder::CloseFile() {
  if (file_ == nullptr) return;
  const Status status = file_->Finish();
  if (!status.ok()) return Fail(status);
  ++counters_->segments;
  counters_->bytes += file_->bytes();
  archive_->SetGrowing(options_.camera, 0);
  archive_->Add(options_.camera, file_->path(), UnixMsOf(file_->begin()));
  file_.reset();
}

std::optional<RecordedPlace> PacketRecorder::Find(int64_t time) const {
  for (auto past = past_.rbegin(); past != past_.rend(); ++past) {
    if (past->begin > time) continue;
    return RecordedPlace{past->path, static_cast<double>(time - past->begin) / kWallTicks};
  }
  return std::nullopt;
}

}  // namespace furl::session
