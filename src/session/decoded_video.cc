#include "session/decoded_video.h"

#include <algorithm>
#include <utility>

#include "base/checked_math.h"
#include "codec/dec/decode_packet.h"
#include "session/model_store.h"

namespace furl::session {

Result<std::unique_ptr<DecodedVideo>> DecodedVideo::Open(const std::string& path,
                                                         const DecodedOptions& options) {
  std::unique_ptr<DecodedVideo> video(new DecodedVideo(options));
  media::CodedReaderOptions reader;
  reader.other_streams = options.other_streams;
  reader.input_start = options.input_start;
  reader.notice = options.hooks.notice;
  reader.cancelled = options.hooks.cancelled;
  FURL_ASSIGN_OR_RETURN(video->reader_, media::OpenCoded(path, reader));
  video->info_ = video->reader_->info();
  video->info_.base.reset();
  FURL_ASSIGN_OR_RETURN(video->model_,
                        ModelStore(options.model).Find(video->reader_->header().model_id));
  video->skipping_ = options.start > 0;
  DecoderSettings settings;
  settings.threads = options.threads;
  settings.max_memory = options.max_memory;
  settings.conceal = options.conceal || video->reader_->header().base.has_value();
  FURL_ASSIGN_OR_RETURN(
      auto decoder, Decoder::Create(video->reader_->sequence_header(), video->model_, settings));
  if (video->reader_->header().base) {
    FURL_RETURN_IF_ERROR(video->OpenHybrid(std::move(decoder)));
  } else {
    video->decoder_ = std::move(decoder);
  }
  return video;
}

Status DecodedVideo::OpenHybrid(std::unique_ptr<Decoder> decoder) {
  if (!reader_->info().base) {
    return Unsupported("furl's video adds to another one, which bare streams can't hold");
  }
  FURL_ASSIGN_OR_RETURN(hybrid_, HybridStream::Create(std::move(decoder), reader_->header(),
                                                      *reader_->info().base, options_.threads));
  return OkStatus();
}

DecoderStatistics DecodedVideo::statistics() const {
  if (hybrid_ == nullptr) return decoder_->statistics();
  DecoderStatistics statistics = hybrid_->decoder().statistics();
  statistics.damaged_frames = statistics.concealed_frames = statistics.missing_frames = 0;
  statistics.hashes_failed = 0;
  return statistics;
}

Result<media::MediaItem> DecodedVideo::Next() {
  for (;;) {
    if (!ready_.empty()) {
      media::MediaItem item = std::move(ready_.front());
      ready_.pop_front();
      return item;
    }
    if (ended_) return Status(StatusCode::kEndOfStream, "end of stream");
    FURL_RETURN_IF_ERROR(Pump());
  }
}

Status DecodedVideo::Pump() {
  FURL_RETURN_IF_ERROR(options_.hooks.CheckCancelled("interrupted"));
  auto packet = reader_->Next();
  const auto take = [this](const Result<ConstFramePtr>& picture) { return TakePicture(picture); };
  if (packet.ok() && packet->stream >= 0) {
    ready_.push_back({nullptr, 0, std::make_unique<media::MediaPacket>(std::move(*packet))});
    return OkStatus();
  }
  if (packet.ok()) return skipping_ ? SkipTo(std::move(*packet)) : Decode(std::move(*packet));
  if (packet.status().code() != StatusCode::kEndOfStream) return Damage(packet.status());
  FURL_RETURN_IF_ERROR(hybrid_ != nullptr ? hybrid_->Finish(take)
                                          : FlushDecoder(decoder_.get(), take));
  ReleaseHeld(reader_->end_pts());
  ended_ = true;
  return OkStatus();
}

Status DecodedVideo::Decode(media::MediaPacket packet) {
  const auto take = [this](const Result<ConstFramePtr>& picture) { return TakePicture(picture); };
  if (hybrid_ != nullptr) return hybrid_->Take(std::move(packet), take);
  return DecodePacket(decoder_.get(), packet.data, {packet.pts, packet.duration}, take);
}

// The first packet that is shown at the start or later belongs to the GOP to begin with: its key
// frame was the last one. With a base it is that which counts: furl's GOPs begin where its do, and
// their packets come behind it. Pictures that are shown before a key frame of it may be decoded
// behind it, of the GOP before.
Status DecodedVideo::SkipTo(media::MediaPacket packet) {
  const bool leads = hybrid_ == nullptr || packet.stream == media::kBaseStream;
  const double time = static_cast<double>(packet.pts) * reader_->info().video.time_base.value();
  if (leads && packet.key && time <= options_.start) skipped_.clear();
  skipped_.push_back(std::move(packet));
  if (!leads || time < options_.start) return OkStatus();
  skipping_ = false;
  for (media::MediaPacket& skipped : skipped_) FURL_RETURN_IF_ERROR(Decode(std::move(skipped)));
  skipped_.clear();
  return OkStatus();
}

// A picture that can't be shown is an error only where the decoder was not told to conceal it.
Status DecodedVideo::TakePicture(const Result<ConstFramePtr>& picture) {
  FURL_RETURN_IF_ERROR(picture.status());
  ConstFramePtr shown = *picture;
  if (held_ != nullptr && shown->pts <= held_->pts) {
    FURL_ASSIGN_OR_RETURN(shown, Retimed(shown));
  }
  ReleaseHeld(shown->pts);
  held_ = std::move(shown);
  return OkStatus();
}

// The picture one tick behind the one before it: damaged files have times that repeat or fall,
// which is no reason for outputs to fail.
Result<ConstFramePtr> DecodedVideo::Retimed(const ConstFramePtr& picture) {
  const auto pts = CheckedAdd(held_->pts, int64_t{1});
  if (!pts.has_value()) return InvalidStream("a picture's time can't be");
  if (!said_retimed_) {
    options_.hooks.Notice("times of pictures repeat or fall; they are corrected");
  }
  said_retimed_ = true;
  FrameTag tag = picture->tag();
  tag.pts = *pts;
  return Frame::StandIn(picture, tag);
}

// Damage between packets is final unless the user asked to go on.
Status DecodedVideo::Damage(const Status& status) {
  if (status.code() != StatusCode::kInvalidStream || !options_.conceal) return status;
  ++damaged_places_;
  options_.hooks.Notice("damage: " + status.message() + "; going on behind it");
  return OkStatus();
}

// Hands the held frame over, now that `end_pts`, if known, tells its duration.
void DecodedVideo::ReleaseHeld(int64_t end_pts) {
  if (held_ == nullptr) return;
  int64_t duration = std::max<int64_t>(held_->duration, 1);
  if (end_pts != media::kNoTimestamp) {
    const auto gap = CheckedSub(end_pts, held_->pts);
    if (gap.value_or(0) > 0) duration = *gap;
  }
  ready_.push_back({held_, duration, nullptr});
  held_ = nullptr;
}

namespace {

Result<std::unique_ptr<media::VideoReader>> OpenOrdinary(const std::string& path,
                                                         const DecodedOptions& options) {
  media::ReaderOptions reader;
  reader.threads = options.threads;
  reader.other_streams = options.other_streams;
  reader.input_start = options.input_start;
  reader.notice = options.hooks.notice;
  reader.filter.notice = reader.notice;
  if (options.keep_fields) reader.filter.deinterlace = media::Deinterlace::kNo;
  reader.cancelled = options.hooks.cancelled;
  return media::OpenVideo(path, reader);
}

}  // namespace

Result<std::unique_ptr<media::VideoReader>> OpenAnyVideo(const std::string& path,
                                                         const DecodedOptions& options) {
  DecodedOptions open = options;
  if (path == "-") {
    // What a pipe has given can't be asked for again by a second reader.
    FURL_ASSIGN_OR_RETURN(open.input_start, media::ReadInputStart(options.hooks.cancelled));
    if (open.input_start.empty()) return InvalidStream("standard input is empty");
    if (!media::StartsCoded(open.input_start)) return OpenOrdinary(path, open);
  }
  auto decoded = DecodedVideo::Open(path, open);
  if (decoded.ok()) return std::unique_ptr<media::VideoReader>(std::move(*decoded));
  if (decoded.status().code() != StatusCode::kUnsupported || path == "-") return decoded.status();
  return OpenOrdinary(path, open);
}

}  // namespace furl::session
