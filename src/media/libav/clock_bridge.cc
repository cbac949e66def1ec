#include "media/libav/clock_bridge.h"

#include <cstdlib>
#include <utility>

namespace furl::media {
namespace {

// ffmpeg's own (-dts_delta_threshold).
constexpr int64_t kJumpSeconds = 10;
// Sound that waits for the picture's jump: some seconds of it. If there are more, the picture goes
// on without one, and the sound is left as it is.
constexpr size_t kMostWaiting = 1000;

}  // namespace

ClockBridge::ClockBridge(const AVFormatContext* context, int video_stream, JumpFn jumped)
    : context_(context),
      video_stream_(video_stream),
      jumped_(std::move(jumped)),
      bridges_((context->iformat->flags & AVFMT_TS_DISCONT) != 0),
      tick_(FromAv(context->streams[video_stream]->time_base)) {
  Restart();
}

void ClockBridge::Restart() {
  shift_ = 0;
  next_.clear();
  waiting_.clear();
  ready_.clear();
}

int64_t ClockBridge::TimeOf(const AVPacket& packet) const {
  const int64_t dts = packet.dts != AV_NOPTS_VALUE ? packet.dts : packet.pts;
  if (dts == AV_NOPTS_VALUE) return kNoTimestamp;
  return Rescale(dts, FromAv(context_->streams[packet.stream_index]->time_base), tick_) + shift_;
}

bool ClockBridge::Jumps(const AVPacket& packet) const {
  const auto stream = static_cast<size_t>(packet.stream_index);
  const int64_t time = TimeOf(packet);
  if (time == kNoTimestamp || stream >= next_.size() || next_[stream] == kNoTimestamp) return false;
  const double distance = static_cast<double>(time) - static_cast<double>(next_[stream]);
  return std::abs(distance) * tick_.value() > kJumpSeconds;
}

void ClockBridge::Put(AvPacketPtr packet) {
  if (!bridges_) {
    ready_.push_back(std::move(packet));
  } else if (packet->stream_index == video_stream_) {
    PutVideo(std::move(packet));
  } else {
    PutSound(std::move(packet));
  }
}

void ClockBridge::PutVideo(AvPacketPtr packet) {
  if (Jumps(*packet)) {
    const int64_t next = next_[static_cast<size_t>(video_stream_)];
    const int64_t jump = TimeOf(*packet) - next;
    shift_ -= jump;
    if (jumped_) {
      jumped_(static_cast<double>(jump) * tick_.value(), static_cast<double>(next) * tick_.value());
    }
    DeliverWaiting();
  }
  Deliver(std::move(packet));
}

// Subtitles come seldom: that they jump is only known from the sound.
void ClockBridge::PutSound(AvPacketPtr packet) {
  const AVStream& stream = *context_->streams[packet->stream_index];
  const bool sound = stream.codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
  const bool waits = sound ? Jumps(*packet) : !waiting_.empty();
  if (!waits) {
    Deliver(std::move(packet));
    return;
  }
  waiting_.push_back(std::move(packet));
  if (waiting_.size() > kMostWaiting) DeliverWaiting();
}

void ClockBridge::DeliverWaiting() {
  while (!waiting_.empty()) {
    AvPacketPtr packet = std::move(waiting_.front());
    waiting_.pop_front();
    Deliver(std::move(packet));
  }
}

void ClockBridge::Deliver(AvPacketPtr packet) {
  const auto stream = static_cast<size_t>(packet->stream_index);
  if (stream >= next_.size()) next_.resize(stream + 1, kNoTimestamp);
  const Rational tick = FromAv(context_->streams[stream]->time_base);
  const int64_t time = TimeOf(*packet);
  if (time != kNoTimestamp) next_[stream] = time + Rescale(packet->duration, tick, tick_);
  const int64_t shift = Rescale(shift_, tick_, tick);
  if (packet->pts != AV_NOPTS_VALUE) packet->pts += shift;
  if (packet->dts != AV_NOPTS_VALUE) packet->dts += shift;
  ready_.push_back(std::move(packet));
}

void ClockBridge::End() { DeliverWaiting(); }

AvPacketPtr ClockBridge::Take() {
  if (ready_.empty()) return nullptr;
  AvPacketPtr packet = std::move(ready_.front());
  ready_.pop_front();
  return packet;
}

}  // namespace furl::media
