#include <algorithm>
#include <cmath>
#include <cstdio>

#include "media/coded/coded_sources.h"
#include "media/libav/libav_demuxer.h"
#include "media/matroska/matroska_codecs.h"
#include "media/matroska/matroska_input.h"

namespace furl::media {
namespace {

constexpr Rational kNanoseconds = {1, 1000000000};

// Longer files, of more than a century, are not believed. What is shorter fits 63 bits in
// nanoseconds as in the finest ticks and frames that a sequence header can have.
constexpr double kMaxDurationSeconds = 4e9;

// "00:01:02.345000000" in nanoseconds; -1 if it isn't that.
int64_t ParseDuration(const std::string& text) {
  double hours = 0;
  double minutes = 0;
  double seconds = 0;
  if (std::sscanf(text.c_str(), "%lf:%lf:%lf", &hours, &minutes, &seconds) != 3) return -1;
  const double total = (hours * 60 + minutes) * 60 + seconds;
  if (!(total >= 0 && total < kMaxDurationSeconds)) return -1;  // nor NaN
  return std::llround(total * 1e9);
}

std::span<const uint8_t> ExtradataOf(const AVCodecParameters& params) {
  return {params.extradata, static_cast<size_t>(std::max(params.extradata_size, 0))};
}

bool IsFurl(const AVCodecParameters& params) {
  return params.codec_id == AV_CODEC_ID_NONE && HasFurlMagic(ExtradataOf(params));
}

class MatroskaSource : public CodedReader {
 public:
  Status Start(const std::string& path, std::unique_ptr<MatroskaInput> input,
               const CodedReaderOptions& options) {
    input_ = std::move(input);
    DemuxOptions demux = CodedDemuxOptions(input_->file(), "matroska", options);
    demux.is_video = IsFurl;
    FURL_ASSIGN_OR_RETURN(demuxer_, LibavDemuxer::Open(path, demux));
    const AVCodecParameters& params = *demuxer_->video_stream()->codecpar;
    const std::span<const uint8_t> extradata = ExtradataOf(params);
    if (!IsFurl(params)) return NotFurlVideo(path, demuxer_->info().video.codec);
    info_ = demuxer_->info();
    container_time_base_ = info_.video.time_base;
    header_bytes_.assign(extradata.begin(), extradata.end());
    FURL_RETURN_IF_ERROR(TakeHeader(options.limits));
    FURL_RETURN_IF_ERROR(TakeBase(path));
    TakeDuration();
    return OkStatus();
  }

  // `failed`, of Start; where the headers are damaged, that is what failed.
  Status Explain(const std::string& path, const Status& failed) {
    if (input_ == nullptr || failed.code() == StatusCode::kCancelled) return failed;
    if (!input_->file()->status().ok()) return failed;
    if (!input_->CheckUntil(avio_tell(input_->file()->avio())).ok() || input_->damage().empty()) {
      return failed;
    }
    return InvalidStream(path + ": " + input_->damage().front().message);
  }

  // Damage comes before the packets of the element it is in.
  Result<MediaPacket> Next() override {
    for (;;) {
      if (packet_ == nullptr && !ended_) FURL_RETURN_IF_ERROR(Fetch());
      auto& damage = input_->damage();
      if (!damage.empty() && (ended_ || damage.front().offset <= position_)) {
        const MatroskaDamage hurt = std::move(damage.front());
        damage.pop_front();
        damage_pts_ = hurt.time_ns < 0 ? kUnknownPlace
                                       : Rescale(hurt.time_ns, kNanoseconds, info_.video.time_base);
        return InvalidStream(hurt.message);
      }
      if (packet_ == nullptr) return Status(StatusCode::kEndOfStream, "end of input");
      const AvPacketPtr packet = std::move(packet_);
      const int stream = demuxer_->MapStream(*packet);
      const bool ignored =
          stream == LibavDemuxer::kIgnored || (stream == kBaseStream && !info_.base);
      if (!ignored) return Take(*packet);
    }
  }

 private:
  // Reads the next packet into packet_, or sets ended_.
  Status Fetch() {
    auto packet = demuxer_->ReadPacket();
    if (!packet.ok() && packet.status().code() != StatusCode::kEndOfStream) return packet.status();
    if (!packet.ok()) {
      ended_ = true;
      return input_->CheckRest();
    }
    packet_ = std::move(*packet);
    position_ = std::max<int64_t>(position_, packet_->pos);
    return input_->CheckUntil(position_);
  }

  Result<MediaPacket> Take(const AVPacket& packet) {
    MediaPacket out = demuxer_->Convert(packet);
    if (out.stream == kBaseStream) {
      if (out.pts == kNoTimestamp) return InvalidStream("a packet of the base has no timestamp");
      out.pts = Rescale(out.pts, base_time_base_, info_.video.time_base);
      out.duration = Rescale(out.duration, base_time_base_, info_.video.time_base);
      out.dts = kNoTimestamp;
    } else if (out.stream == kVideoStream) {
      damage_pts_ = kNoTimestamp;
      if (out.pts == kNoTimestamp) return InvalidStream("a video packet has no timestamp");
      out.pts = Rescale(out.pts, container_time_base_, info_.video.time_base);
      out.duration = Rescale(out.duration, container_time_base_, info_.video.time_base);
      out.dts = kNoTimestamp;
    }
    return out;
  }

  // Of a stream that stands alone any other video is none of its business.
  Status TakeBase(const std::string& path) {
    if (!header_.base) info_.base.reset();
    if (header_.base && !info_.base) {
      return InvalidStream(path + ": furl's video adds to another one, which isn't there");
    }
    if (!info_.base) return OkStatus();
    base_time_base_ = info_.base->time_base;
    info_.base->time_base = info_.video.time_base;
    return MatroskaBaseCodec(*info_.base).status().WithContext(path);
  }

  void TakeDuration() {
    const int64_t end_ns = ParseDuration(FindTag(info_.video.tags, "DURATION"));
    if (end_ns <= 0) return;
    end_pts_ = Rescale(end_ns, kNanoseconds, info_.video.time_base);
    // Exact for constant rates that start at zero, else good for an estimate.
    const double seconds = static_cast<double>(end_pts_) * info_.video.time_base.value();
    info_.video.frame_count = std::llround(seconds * info_.video.frame_rate.value());
  }

  std::unique_ptr<MatroskaInput> input_;  // outlives the demuxer
  std::unique_ptr<LibavDemuxer> demuxer_;
  Rational container_time_base_;
  Rational base_time_base_;  // of the container's packets
  AvPacketPtr packet_;       // read, not yet given
  int64_t position_ = 0;     // of the last packet in the file
  bool ended_ = false;
};

}  // namespace

Result<std::unique_ptr<CodedReader>> OpenMatroskaSource(const std::string& path, ByteInputPtr bytes,
                                                        const CodedReaderOptions& options) {
  FURL_ASSIGN_OR_RETURN(auto input, MatroskaInput::Create(std::move(bytes)));
  auto source = std::make_unique<MatroskaSource>();
  const Status started = source->Start(path, std::move(input), options);
  if (!started.ok()) return source->Explain(path, started);
  return std::unique_ptr<CodedReader>(std::move(source));
}

}  // namespace furl::media
