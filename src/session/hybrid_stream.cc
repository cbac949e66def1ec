#include "session/hybrid_stream.h"

#include <utility>

namespace furl::session {

Result<std::unique_ptr<HybridStream>> HybridStream::Create(std::unique_ptr<Decoder> decoder,
                                                           const VideoFormat& format,
                                                           const media::BaseInfo& base,
                                                           int threads) {
  std::unique_ptr<HybridStream> stream(
      new HybridStream(std::move(decoder), format, base.time_slack));
  FURL_ASSIGN_OR_RETURN(stream->base_decoder_, media::BaseDecoder::Create(base, threads));
  return stream;
}

Status HybridStream::Take(media::MediaPacket packet, const PictureSink& take) {
  if (packet.stream == media::kBaseStream) {
    if (packet.key) base_keys_.insert(packet.pts);
    return DecodeBase(&packet, take);
  }
  const FrameTag tag = {packet.pts, packet.duration};
  return SendAndTake(
      &decoder_, [&] { return decoder_.SendPacket(packet.data, tag); }, take);
}

Status HybridStream::Finish(const PictureSink& take) {
  FURL_RETURN_IF_ERROR(DecodeBase(nullptr, take));
  FURL_RETURN_IF_ERROR(decoder_.Flush());
  return TakeReady(&decoder_, take);
}

// Behind a key frame that gave no picture the next one begins its GOP.
Status HybridStream::DecodeBase(const media::MediaPacket* packet, const PictureSink& take) {
  return base_decoder_->Decode(packet, [&](const ConstFramePtr& picture) {
    const auto passed = base_keys_.upper_bound(picture->pts);
    const bool begins_gop = passed != base_keys_.begin();
    base_keys_.erase(base_keys_.begin(), passed);
    return SendAndTake(
        &decoder_, [&] { return decoder_.SendBase(picture, begins_gop); }, take);
  });
}

}  // namespace furl::session
