#include "session/shown_score.h"

#include "bitstream/sequence_header.h"

namespace furl::session {

Result<PacketPictures> PacketPictures::Create(std::span<const uint8_t> sequence_header,
                                              FamilyPtr family, const media::BaseInfo& base,
                                              int threads,
                                              std::vector<media::MediaPacket> packets) {
  FURL_ASSIGN_OR_RETURN(const SequenceHeader header, ParseSequenceHeader(sequence_header));
  DecoderSettings settings;
  settings.threads = threads;
  settings.conceal = true;
  FURL_ASSIGN_OR_RETURN(auto decoder,
                        Decoder::Create(sequence_header, std::move(family), settings));
  PacketPictures pictures;
  pictures.packets_ = std::move(packets);
  FURL_ASSIGN_OR_RETURN(pictures.stream_,
                        HybridStream::Create(std::move(decoder), header, base, threads));
  return pictures;
}

Result<ConstFramePtr> PacketPictures::Next() {
  const auto take = [this](Result<ConstFramePtr> picture) -> Status {
    FURL_RETURN_IF_ERROR(picture.status());
    shown_.push_back(std::move(*picture));
    return OkStatus();
  };
  while (shown_.empty() && !finished_) {
    finished_ = next_ == packets_.size();
    FURL_RETURN_IF_ERROR(finished_ ? stream_->Finish(take)
                                   : stream_->Take(std::move(packets_[next_++]), take));
  }
  if (shown_.empty()) return EndOfStream();
  ConstFramePtr picture = std::move(shown_.front());
  shown_.pop_front();
  return picture;
}

Status ShownScore::Add(const Frame& original) {
  const Result<ConstFramePtr> shown = shown_();
  if (shown.status().code() == StatusCode::kEndOfStream) {
    return InternalError("fewer pictures are shown than were coded");
  }
  FURL_RETURN_IF_ERROR(shown.status());
  FrameReport report;
  report.original = &original;
  report.reconstruction = shown->get();
  report.display_index = frames_++;
  observer_(report);
  return OkStatus();
}

}  // namespace furl::session
