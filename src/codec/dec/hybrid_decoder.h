// HybridDecoder: packets that add to a base, and the base's pictures, in; pictures in display order
// out (docs/hybrid.md). Decoding the base is its caller's business.

#ifndef FURL_CODEC_DEC_HYBRID_DECODER_H_
#define FURL_CODEC_DEC_HYBRID_DECODER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "base/status.h"
#include "codec/dec/base_pairing.h"
#include "codec/dec/decoder.h"
#include "codec/predict/base_filter.h"
#include "image/frame.h"
#include "image/video_format.h"

namespace furl {

// Each packet goes to furl's decoder with the picture of the base of its time. Where all that furl
// adds is a filter, or its part is missing or damaged, the base's picture is shown, upscaled and in
// the former case filtered.
class HybridDecoder {
 public:
  // `decoder` is of a stream with a base, in that format, and conceals damage. `slack`: how far
  // times of packets may be from those of the base's pictures, in ticks. `allocator`, of pictures
  // that are the base's, may be null.
  HybridDecoder(std::unique_ptr<Decoder> decoder, const VideoFormat& format, int64_t slack,
                FrameAllocatorPtr allocator);

  // The next packet in coding order, which is copied, or picture of the base in the order of their
  // times; in any order relative to each other. `begins_gop`: the base can be decoded from this
  // picture on. kTryAgain, which changes nothing: receive first; never after ReceiveFrame has said
  // so.
  Status SendPacket(std::span<const uint8_t> data, const FrameTag& tag);
  Status SendBase(ConstFramePtr picture, bool begins_gop);
  // No more of either. ReceiveFrame then returns what is left and kEndOfStream.
  Status Flush();

  // The next picture in the order of their times, with the tag of its packet or, where it has none,
  // of the base's picture. kTryAgain: send first.
  Result<ConstFramePtr> ReceiveFrame();

  // Concealed are pictures of the base alone, too.
  DecoderStatistics statistics() const;
  // Pictures shown so far that are the base's alone because furl's part is missing or damaged.
  int64_t base_alone() const { return base_alone_; }

 private:
  struct Packet {
    std::vector<uint8_t> data;
    int64_t pts;
    int64_t duration;
    void* user_data;
  };

  // Gives the decoder the packets that are ready, as far as it takes them.
  Status SendReady();
  // Whether a picture of the base is shown before anything else. `ended`: of the decoder nothing
  // comes any more.
  bool BaseIsNext(bool ended);
  // Null where it was shown before.
  Result<ConstFramePtr> ShowBase();
  // That of the GOP that time is in, and when it begins; null where there is none.
  const std::map<int64_t, BaseFilterPtr>::value_type* FilterAt(int64_t pts);

  const std::unique_ptr<Decoder> decoder_;
  const VideoFormat format_;
  const FrameAllocatorPtr allocator_;
  BasePairing<Packet> pairing_;
  bool flushed_ = false;
  bool decoder_flushed_ = false;
  ConstFramePtr decoded_;      // the decoder's next picture
  int64_t shown_ = INT64_MIN;  // time of the last picture shown
  int64_t base_alone_ = 0;
  int64_t concealed_ = 0;                     // without a base
  std::map<int64_t, BaseFilterPtr> filters_;  // of GOPs, by the time that they begin at
};

}  // namespace furl

#endif  // FURL_CODEC_DEC_HYBRID_DECODER_H_
