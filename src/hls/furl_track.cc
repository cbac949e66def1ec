#include <algorithm>
#include <utility>
#include <vector>

#include "hls/track.h"
#include "media/coded_io.h"
#include "media/matroska/matroska_writer.h"
#include "media/output_file.h"

namespace furl::hls {
namespace {

class FurlTrack : public Track {
 public:
  FurlTrack(const SegmentGrid& grid, Rational time_base, TakeSegment take)
      : cutter_(grid, time_base), take_(std::move(take)) {}

  Status Start(const media::VideoInfo& video, std::span<const uint8_t> sequence_header) {
    auto file = media::OutputFile::HandOver([this](std::span<const uint8_t> bytes) {
      written_.insert(written_.end(), bytes.begin(), bytes.end());
      return OkStatus();
    });
    file_ = file.get();
    media::MediaInfo info;
    info.video = video;
    media::MatroskaVideoTrack track;
    track.codec_id = media::kMatroskaCodecId;
    track.codec_private.assign(sequence_header.begin(), sequence_header.end());
    FURL_ASSIGN_OR_RETURN(writer_,
                          media::MatroskaWriter::Create(std::move(file), info, track, nullptr));
    FURL_RETURN_IF_ERROR(file_->Flush());
    init_ = std::exchange(written_, {});
    return OkStatus();
  }

  std::span<const uint8_t> init() const override { return init_; }

  // The writer begins a cluster at every key frame, and gives away the one before.
  Status Write(const media::MediaPacket& packet) override {
    const bool begins = cutter_.Begins(packet.pts, packet.key);
    FURL_RETURN_IF_ERROR(writer_->WritePacket(packet));
    end_ = std::max(end_, packet.pts + packet.duration);
    if (!begins) return OkStatus();
    FURL_RETURN_IF_ERROR(file_->Flush());
    return Give(cutter_.ended());
  }

  Status Finish() override {
    FURL_RETURN_IF_ERROR(writer_->Finish());
    return Give(cutter_.Open(end_));
  }

 private:
  Status Give(const SegmentTime& time) {
    const std::vector<uint8_t> bytes = std::exchange(written_, {});
    return bytes.empty() ? OkStatus() : take_(bytes, time);
  }

  SegmentCutter cutter_;
  const TakeSegment take_;
  std::vector<uint8_t> written_;  // and not given away yet
  std::vector<uint8_t> init_;
  std::unique_ptr<media::MatroskaWriter> writer_;
  media::OutputFile* file_ = nullptr;  // the writer's
  int64_t end_ = 0;
};

}  // namespace

Result<std::unique_ptr<Track>> MakeFurlTrack(const media::VideoInfo& video,
                                             std::span<const uint8_t> sequence_header,
                                             const SegmentGrid& grid, TakeSegment take) {
  auto track = std::make_unique<FurlTrack>(grid, video.time_base, std::move(take));
  FURL_RETURN_IF_ERROR(track->Start(video, sequence_header));
  return std::unique_ptr<Track>(std::move(track));
}

}  // namespace furl::hls
