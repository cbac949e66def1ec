// FrameDecoder: one packet to one picture. The mirror of FrameEncoder.

#ifndef FURL_CODEC_DEC_FRAME_DECODER_H_
#define FURL_CODEC_DEC_FRAME_DECODER_H_

#include <memory>

#include "base/thread_pool.h"
#include "bitstream/packet.h"
#include "bitstream/sequence_header.h"
#include "codec/common/family.h"
#include "codec/common/predictor.h"
#include "codec/common/reference.h"
#include "codec/predict/base_filter.h"

namespace furl {

// Holds the working memory of one frame in flight.
class FrameDecoder {
 public:
  static Result<std::unique_ptr<FrameDecoder>> Create(const SequenceHeader& sequence,
                                                      const Family& family, ThreadPool* pool,
                                                      FrameAllocatorPtr allocator);
  // The same with another way to predict frames that aren't key frames than by motion.
  static Result<std::unique_ptr<FrameDecoder>> Create(const SequenceHeader& sequence,
                                                      const Family& family, ThreadPool* pool,
                                                      FrameAllocatorPtr allocator,
                                                      std::unique_ptr<Predictor> predictor);

  // Decodes the sections of a packet that was checked by ParsePacket. kInvalidStream for
  // damage. Whether the picture is the encoder's is left to the caller, who knows what else the
  // hash of the packet covers. `base` is the base's picture of this time in streams that have a
  // base, else null. `analysis`, of the picture's size, is filled where it is not null.
  Result<ReferencePtr> Decode(const PacketView& packet, const ReferencePtr (&refs)[2],
                              const FrameTag& tag, const ConstFramePtr& base = nullptr,
                              FrameAnalysis* analysis = nullptr);

 private:
  Result<ReferencePtr> FilterBase(const BaseFilter& filter, const FrameHeader& header,
                                  const FrameTag& tag, const Frame& base) const;
  void DescribePacket(const PacketView& packet, const Reference& result,
                      FrameAnalysis* analysis) const;
  Status Describe(const PacketView& packet, const Prediction& prediction, const Reference& result,
                  FrameAnalysis* analysis) const;

  FrameDecoder(const VideoFormat& format, const Family& family, ThreadPool* pool,
               FrameAllocatorPtr allocator)
      : format_(format), family_(family), pool_(pool), allocator_(std::move(allocator)) {}

  const VideoFormat format_;
  const Family& family_;
  ThreadPool* pool_;
  const FrameAllocatorPtr allocator_;  // of the pictures; may be null
  std::unique_ptr<FamilyState> state_;
  std::unique_ptr<Predictor> inter_predictor_;
  NoPredictor no_predictor_;
  QpMap qp_map_;  // of the frame being decoded, as are
  SampleBlocks samples_;
};

}  // namespace furl

#endif  // FURL_CODEC_DEC_FRAME_DECODER_H_
