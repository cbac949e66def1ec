// HybridStream: packets of furl's and of the base below them to pictures (docs/hybrid.md).

#ifndef FURL_SESSION_HYBRID_STREAM_H_
#define FURL_SESSION_HYBRID_STREAM_H_

#include <cstdint>
#include <memory>
#include <set>

#include "base/status.h"
#include "codec/dec/decode_packet.h"
#include "codec/dec/hybrid_decoder.h"
#include "image/video_format.h"
#include "media/base/base_decoder.h"
#include "media/media_info.h"

namespace furl::session {

class HybridStream {
 public:
  // `decoder` is as HybridDecoder wants it. `threads`: of the base's decoder; 0 is one per CPU.
  static Result<std::unique_ptr<HybridStream>> Create(std::unique_ptr<Decoder> decoder,
                                                      const VideoFormat& format,
                                                      const media::BaseInfo& base, int threads);

  // Give `take` what is then ready. The packet is of stream kVideoStream or kBaseStream; those of
  // either come in coding order, in any order relative to the other's.
  Status Take(media::MediaPacket packet, const PictureSink& take);
  // There are no more packets.
  Status Finish(const PictureSink& take);

  const HybridDecoder& decoder() const { return decoder_; }

 private:
  HybridStream(std::unique_ptr<Decoder> decoder, const VideoFormat& format, int64_t slack)
      : decoder_(std::move(decoder), format, slack, nullptr) {}
  Status DecodeBase(const media::MediaPacket* packet, const PictureSink& take);

  HybridDecoder decoder_;
  std::unique_ptr<media::BaseDecoder> base_decoder_;
  std::set<int64_t> base_keys_;  // times of the base's key frames that were not decoded yet
};

}  // namespace furl::session

#endif  // FURL_SESSION_HYBRID_STREAM_H_
