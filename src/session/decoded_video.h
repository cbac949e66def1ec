// DecodedVideo: a furl file as frames, behind the interface of every other
// video source.

#ifndef FURL_SESSION_DECODED_VIDEO_H_
#define FURL_SESSION_DECODED_VIDEO_H_

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "codec/dec/decoder.h"
#include "media/coded_io.h"
#include "media/video_reader.h"
#include "session/hooks.h"
#include "session/hybrid_stream.h"

namespace furl::session {

struct DecodedOptions {
  int threads = 0;
  int64_t max_memory = DecoderSettings().max_memory;
  bool conceal = false;  // go on after damage
  bool other_streams = true;
  bool keep_fields = false;  // of other interlaced videos than furl's, which are deinterlaced else
  // Seconds: GOPs that end before it are not decoded.
  double start = 0;
  std::string model;                 // as ModelStore takes it
  std::vector<uint8_t> input_start;  // as in media::CodedReaderOptions
  Hooks hooks;
};

class DecodedVideo : public media::VideoReader {
 public:
  // kWrongModel if the stream's model can't be found.
  static Result<std::unique_ptr<DecodedVideo>> Open(const std::string& path,
                                                    const DecodedOptions& options);

  // Says nothing of a base: pictures are of both.
  const media::MediaInfo& info() const override { return info_; }
  Result<media::MediaItem> Next() override;

  const model::Model& model() const { return *model_; }
  // Of streams that add to a base, damage and gaps aren't counted here, but below.
  DecoderStatistics statistics() const;
  // Pictures that are the base's alone since furl's part is damaged or missing.
  int64_t base_alone() const { return hybrid_ != nullptr ? hybrid_->decoder().base_alone() : 0; }
  // Damaged places between packets that were passed over.
  int64_t damaged_places() const { return damaged_places_; }

 private:
  explicit DecodedVideo(const DecodedOptions& options) : options_(options) {}

  Status OpenHybrid(std::unique_ptr<Decoder> decoder);
  Status Pump();
  Status Decode(media::MediaPacket packet);
  Status SkipTo(media::MediaPacket packet);
  Status TakePicture(const Result<ConstFramePtr>& picture);
  Result<ConstFramePtr> Retimed(const ConstFramePtr& picture);
  Status Damage(const Status& status);
  void ReleaseHeld(int64_t end_pts);

  DecodedOptions options_;
  std::unique_ptr<media::CodedReader> reader_;
  media::MediaInfo info_;
  model::ModelPtr model_;
  std::unique_ptr<Decoder> decoder_;         // of streams that stand alone
  std::unique_ptr<HybridStream> hybrid_;     // of those that add to a base
  bool skipping_ = false;                    // the start hasn't been reached
  std::vector<media::MediaPacket> skipped_;  // of the GOP that it may be in
  std::deque<media::MediaItem> ready_;
  ConstFramePtr held_;  // until its successor tells how long it lasts
  bool ended_ = false;
  bool said_retimed_ = false;
  int64_t damaged_places_ = 0;
};

// Opens a furl file or, failing that, any other video. "-" is standard input: a bare
// stream, Matroska, YUV4MPEG2 and whatever else needs no seeking.
Result<std::unique_ptr<media::VideoReader>> OpenAnyVideo(const std::string& path,
                                                         const DecodedOptions& options);

}  // namespace furl::session

#endif  // FURL_SESSION_DECODED_VIDEO_H_
