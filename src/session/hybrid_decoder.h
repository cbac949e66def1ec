// HybridDecoder: a decoder and that of its base, side by side (docs/hybrid.md).

#ifndef FURL_SESSION_HYBRID_DECODER_H_
#define FURL_SESSION_HYBRID_DECODER_H_

#include <cstdint>
#include <map>
#include <memory>

#include "bitstream/sequence_header.h"
#include "codec/dec/decode_packet.h"
#include "codec/dec/decoder.h"
#include "codec/predict/base_filter.h"
#include "media/media_info.h"
#include "session/base_pairing.h"

namespace furl::session {

// Packets of both come in any order relative to each other; each goes to furl's decoder with the
// picture of the base of its time. Pictures are shown in the order of their times. Where all that
// furl adds is a filter, or its part is missing or damaged, the base's picture is shown, upscaled
// and in the former case filtered.
class HybridDecoder {
 public:
  // `decoder`, borrowed, is of the stream with that header and conceals damage. `threads`: of the
  // base's decoder; 0 is one per CPU.
  static Result<std::unique_ptr<HybridDecoder>> Create(Decoder* decoder,
                                                       const SequenceHeader& header,
                                                       const media::BaseInfo& base, int threads);

  // Give `take` what is then ready. The packet is of stream kVideoStream or kBaseStream.
  Status Take(media::MediaPacket packet, const PictureSink& take);
  // There are no more packets.
  Status Finish(const PictureSink& take);

  // Pictures shown so far that are the base's alone because furl's part is missing or damaged.
  int64_t base_alone() const { return base_alone_; }

 private:
  HybridDecoder(Decoder* decoder, const VideoFormat& format) : decoder_(decoder), format_(format) {}

  // Sinks that borrow `take`.
  PictureSink ShowInto(const PictureSink& take);
  BasePairing::PairSink DecodeInto(const PictureSink& take);
  Status Show(const ConstFramePtr& picture, const PictureSink& take);
  Status ShowBasesBefore(int64_t pts, const PictureSink& take);
  Status ShowBase(const ConstFramePtr& base, const PictureSink& take);
  // Null where the pictures of that time are not the base's.
  BaseFilterPtr FilterAt(int64_t pts);

  Decoder* const decoder_;
  const VideoFormat format_;
  std::unique_ptr<BasePairing> pairing_;
  int64_t shown_ = INT64_MIN;  // time of the last picture shown
  int64_t base_alone_ = 0;
  std::map<int64_t, BaseFilterPtr> filters_;  // of GOPs, by the time that they begin at
};

}  // namespace furl::session

#endif  // FURL_SESSION_HYBRID_DECODER_H_
