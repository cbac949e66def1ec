// Video of furl's that the packets of its base carry as SEI: in mp4, MPEG-TS and Matroska.

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "base/checked_math.h"
#include "bitstream/user_data.h"
#include "media/coded/coded_sources.h"
#include "media/libav/av_input.h"
#include "media/libav/libav_demuxer.h"
#include "media/sei/user_data_sei.h"

namespace furl::media {
namespace {

// How much of the base is looked at for a sequence header, which key frames have: the first of
// them may be damaged, and what was cut out of a broadcast begins anywhere.
constexpr int kKeysLookedAt = 4;
constexpr int kPacketsLookedAt = 512;
constexpr size_t kBytesLookedAt = size_t{64} << 20;

class CarriedSource : public CodedReader {
 public:
  Status Start(const std::string& path, std::unique_ptr<AvInput> input, const std::string& format,
               const CodedReaderOptions& options) {
    input_ = std::move(input);
    FURL_ASSIGN_OR_RETURN(
        demuxer_, LibavDemuxer::Open(path, CodedDemuxOptions(input_.get(), format, options)));
    info_ = demuxer_->info();
    const AVCodecParameters& params = *demuxer_->video_stream()->codecpar;
    const auto form = NalForm::Of(params);
    if (!form) return NotFurlVideo(path, info_.video.codec);
    form_ = *form;
    FURL_RETURN_IF_ERROR(FindHeader(path));
    FURL_RETURN_IF_ERROR(TakeHeader(options.limits));
    if (!header_.base) return InvalidStream(path + ": what the base carries stands alone");
    info_.base = BaseInfo{CodecName(params), nullptr, info_.video.time_base};
    FURL_ASSIGN_OR_RETURN(info_.base->params, CopyParameters(params));
    PlanTimes();
    return OkStatus();
  }

  Result<MediaPacket> Next() override {
    while (ready_.empty()) {
      if (!seen_.empty()) {
        Take(std::move(seen_.front()));
        seen_.pop_front();
        continue;
      }
      FURL_ASSIGN_OR_RETURN(const AvPacketPtr packet, demuxer_->ReadPacket());
      if (demuxer_->MapStream(*packet) != LibavDemuxer::kIgnored) {
        Take(demuxer_->Convert(*packet));
      }
    }
    MediaPacket packet = std::move(ready_.front());
    ready_.pop_front();
    return packet;
  }

 private:
  // Reads until a packet of the base has a header, and keeps what it reads.
  Status FindHeader(const std::string& path) {
    int packets = 0;
    int keys = 0;
    size_t bytes = 0;
    while (header_bytes_.empty()) {
      auto packet = demuxer_->ReadPacket();
      if (packet.status().code() == StatusCode::kEndOfStream)
        return NotFurlVideo(path, info_.video.codec);
      FURL_RETURN_IF_ERROR(packet.status());
      if (demuxer_->MapStream(**packet) == LibavDemuxer::kIgnored) continue;
      seen_.push_back(demuxer_->Convert(**packet));
      const MediaPacket& seen = seen_.back();
      bytes += seen.data.size();
      if (seen.stream != kVideoStream) continue;
      for (const auto& message : SplitUserData(form_, seen.data).messages) KeepHeader(message);
      ++packets;
      keys += seen.key;
      const bool enough =
          keys >= kKeysLookedAt || packets >= kPacketsLookedAt || bytes >= kBytesLookedAt;
      if (enough && header_bytes_.empty()) return NotFurlVideo(path, info_.video.codec);
    }
    return OkStatus();
  }

  // The first that is sound.
  void KeepHeader(std::span<const uint8_t> message) {
    const auto parsed = ParseUserData(message);
    if (!parsed.ok() || !std::holds_alternative<UserDataHeader>(*parsed)) return;
    const auto header = std::get<UserDataHeader>(*parsed).sequence_header;
    // Whether this build can decode it is asked later.
    const auto status = ParseSequenceHeader(header).status();
    if (header_bytes_.empty() && status.code() != StatusCode::kInvalidStream) {
      header_bytes_.assign(header.begin(), header.end());
    }
  }

  // Times are those of the container, but that broadcast clocks start anywhere, and that pictures
  // stand on the grid of the header's ticks however containers round. The first one's place on it
  // decides for all.
  void PlanTimes() {
    const AVStream& stream = *demuxer_->video_stream();
    container_ticks_ = FromAv(stream.time_base);
    const AVFormatContext& context = *demuxer_->context();
    if ((context.iformat->flags & AVFMT_TS_DISCONT) != 0 && context.start_time != AV_NOPTS_VALUE) {
      start_us_ = context.start_time;
    }
    for (const MediaPacket& packet : seen_) {
      if (packet.stream == kVideoStream && packet.pts != kNoTimestamp) {
        first_ = packet.pts;
        break;
      }
    }
    first_ticks_ = Rescale(first_ - Rescale(start_us_, kMicroseconds, container_ticks_),
                           container_ticks_, info_.video.time_base);
    // What a tick of the container is too coarse for.
    const int64_t tick = Rescale(1, container_ticks_, info_.video.time_base);
    info_.base->time_slack = tick > 1 ? tick : 0;
    if (stream.duration > 0 && stream.start_time != AV_NOPTS_VALUE) {
      const auto end = CheckedAdd(stream.start_time, stream.duration);
      if (end) end_pts_ = ToTicks(*end);
    }
  }

  int64_t ToTicks(int64_t pts) const {
    const auto since = CheckedSub(pts, first_);
    if (!since) return kNoTimestamp;
    const int64_t ticks = Rescale(*since, container_ticks_, info_.video.time_base);
    return CheckedAdd(first_ticks_, ticks).value_or(kNoTimestamp);
  }

  // Appends to ready_ what a packet of the container is.
  void Take(MediaPacket packet) {
    if (packet.stream != kVideoStream) {
      const Rational ticks = info_.streams[static_cast<size_t>(packet.stream)].time_base;
      const auto since = CheckedSub(packet.pts, Rescale(start_us_, kMicroseconds, ticks));
      if (packet.pts != kNoTimestamp && since) packet.pts = *since;
      packet.dts = kNoTimestamp;
      ready_.push_back(std::move(packet));
      return;
    }
    if (packet.pts == kNoTimestamp) return;
    UserDataSplit split = SplitUserData(form_, packet.data);
    packet.stream = kBaseStream;
    packet.pts = ToTicks(packet.pts);
    if (packet.pts == kNoTimestamp) return;
    packet.duration = Rescale(packet.duration, container_ticks_, info_.video.time_base);
    packet.dts = kNoTimestamp;
    if (!split.messages.empty()) packet.data = std::move(split.rest);
    const int64_t pts = packet.pts;
    ready_.push_back(std::move(packet));
    for (const auto& message : split.messages) TakeMessage(message, pts);
  }

  // What is damaged is missing, and the base's picture is shown.
  void TakeMessage(std::span<const uint8_t> message, int64_t unit_pts) {
    const auto parsed = ParseUserData(message);
    if (!parsed.ok()) return;
    if (const auto* header = std::get_if<UserDataHeader>(&*parsed)) {
      // Behind a cut may come what belongs to another stream.
      other_ = !std::ranges::equal(header->sequence_header, header_bytes_);
      return;
    }
    const auto& data = std::get<UserDataPacket>(*parsed);
    const auto pts = CheckedAdd(unit_pts, data.since_unit);
    if (other_ || !pts) return;
    MediaPacket packet;
    packet.data.assign(data.data.begin(), data.data.end());
    packet.pts = *pts;
    packet.duration = data.duration;
    packet.key = data.key;
    ready_.push_back(std::move(packet));
  }

  static constexpr Rational kMicroseconds = {1, AV_TIME_BASE};

  std::unique_ptr<AvInput> input_;  // outlives the demuxer
  std::unique_ptr<LibavDemuxer> demuxer_;
  NalForm form_;
  std::deque<MediaPacket> seen_;   // of the container, while a header was looked for
  std::deque<MediaPacket> ready_;  // to be given
  bool other_ = false;             // what is carried now is another stream's
  Rational container_ticks_;
  int64_t start_us_ = 0;     // of a broadcast's clock
  int64_t first_ = 0;        // time of the video's first packet, in the container's ticks
  int64_t first_ticks_ = 0;  // and in those of the header
};

}  // namespace

Result<std::unique_ptr<CodedReader>> OpenCarriedSource(const std::string& path, ByteInputPtr bytes,
                                                       const std::string& format,
                                                       const CodedReaderOptions& options) {
  FURL_ASSIGN_OR_RETURN(auto input, AvInput::Create(std::move(bytes)));
  auto source = std::make_unique<CarriedSource>();
  FURL_RETURN_IF_ERROR(source->Start(path, std::move(input), format, options));
  return std::unique_ptr<CodedReader>(std::move(source));
}

}  // namespace furl::media
