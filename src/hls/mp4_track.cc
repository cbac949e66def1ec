#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "hls/track.h"
#include "media/libav/libav_util.h"
#include "media/libav/packet_form.h"
#include "media/write/avc_format.h"

namespace furl::hls {
namespace {

Status OutOfMemory() { return Status(StatusCode::kOutOfMemory, "out of memory"); }

class Mp4Track : public Track {
 public:
  Mp4Track(const SegmentGrid& grid, Rational time_base, TakeSegment take)
      : cutter_(grid, time_base), time_base_(time_base), take_(std::move(take)) {}
  ~Mp4Track() override { avformat_free_context(muxer_); }

  Status Start(const AVCodecParameters& params) {
    FURL_ASSIGN_OR_RETURN(avio_, media::MakeAvIo(this, {.write = &Mp4Track::TakeBytes}));
    avio_->seekable = 0;
    int error = avformat_alloc_output_context2(&muxer_, nullptr, "mp4", nullptr);
    if (error < 0) return media::AvStatus(error, "mp4");
    AVStream* stream = avformat_new_stream(muxer_, nullptr);
    if (stream == nullptr) return OutOfMemory();
    error = avcodec_parameters_copy(stream->codecpar, &params);
    stream->codecpar->codec_tag = 0;
    stream->time_base = media::ToAv(time_base_);
    muxer_->pb = avio_.get();
    muxer_->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
    muxer_->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;
    AVDictionary* options = nullptr;
    // Fragments where we say, with their own times (not since the first one's).
    av_dict_set(&options, "movflags", "frag_custom+empty_moov+cmaf+frag_discont", 0);
    av_dict_set(&options, "use_editlist", "0", 0);
    if (error >= 0) error = avformat_write_header(muxer_, &options);
    av_dict_free(&options);
    if (error < 0) return media::AvStatus(error, "mp4", StatusCode::kUnsupported);
    avio_flush(avio_.get());
    init_ = std::exchange(written_, {});
    return OkStatus();
  }

  std::span<const uint8_t> init() const override { return init_; }

  Status Write(const media::MediaPacket& packet) override {
    if (cutter_.Begins(packet.pts, packet.key) && end_ > 0) {
      FURL_RETURN_IF_ERROR(Cut(cutter_.ended()));
    }
    FURL_ASSIGN_OR_RETURN(const media::AvPacketPtr out, media::PacketToAv(packet));
    av_packet_rescale_ts(out.get(), media::ToAv(time_base_), muxer_->streams[0]->time_base);
    const int error = av_write_frame(muxer_, out.get());
    if (error < 0) return media::AvStatus(error, "mp4", StatusCode::kInternal);
    end_ = std::max(end_, packet.pts + std::max<int64_t>(packet.duration, 1));
    return OkStatus();
  }

  Status Finish() override { return end_ > 0 ? Cut(cutter_.Open(end_)) : OkStatus(); }

 private:
  static int TakeBytes(void* self, uint8_t* data, int size) {
    auto* track = static_cast<Mp4Track*>(self);
    track->written_.insert(track->written_.end(), data, data + size);
    return size;
  }

  Status Cut(const SegmentTime& time) {
    const int error = av_write_frame(muxer_, nullptr);
    if (error < 0) return media::AvStatus(error, "mp4", StatusCode::kInternal);
    avio_flush(avio_.get());
    const std::vector<uint8_t> bytes = std::exchange(written_, {});
    return take_(bytes, time);
  }

  SegmentCutter cutter_;
  const Rational time_base_;
  const TakeSegment take_;
  std::vector<uint8_t> written_;  // and not given away yet
  std::vector<uint8_t> init_;
  media::AvIoPtr avio_;
  AVFormatContext* muxer_ = nullptr;
  int64_t end_ = 0;
};

}  // namespace

Result<std::unique_ptr<Track>> MakeMp4Track(const AVCodecParameters& params, Rational time_base,
                                            const SegmentGrid& grid, TakeSegment take) {
  auto track = std::make_unique<Mp4Track>(grid, time_base, std::move(take));
  FURL_RETURN_IF_ERROR(track->Start(params));
  return std::unique_ptr<Track>(std::move(track));
}

Result<std::string> AvcCodecName(std::span<const uint8_t> extradata) {
  FURL_ASSIGN_OR_RETURN(const auto config, media::MakeAvcConfig(extradata));
  return fmt::format("avc1.{:02x}{:02x}{:02x}", config[1], config[2], config[3]);
}

// The object type stands in the first five bits of AudioSpecificConfig.
std::string AacCodecName(const AVCodecParameters& params) {
  constexpr int kLowComplexity = 2;
  const int type = params.extradata_size > 0 ? params.extradata[0] >> 3 : kLowComplexity;
  return fmt::format("mp4a.40.{}", type);
}

}  // namespace furl::hls
