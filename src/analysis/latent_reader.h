// LatentReader: what packets say without a picture being made: the latents of key frames and the
// motion of all others.
//
//   auto reader = LatentReader::Create(header, family, {}).value();
//   for (packet : stream) {
//     const auto frame = reader->Read(ParsePacket(packet.data).value(), tag);
//     if (frame.ok()) look_at(*frame);
//   }
//
// Latents of other frames can't be had so: what the entropy model expects of them depends on their
// prediction, and that on pictures.

#ifndef FURL_ANALYSIS_LATENT_READER_H_
#define FURL_ANALYSIS_LATENT_READER_H_

#include <array>
#include <cstdint>
#include <memory>

#include "base/status.h"
#include "base/thread_pool.h"
#include "bitstream/packet.h"
#include "bitstream/sequence_header.h"
#include "codec/common/family.h"
#include "codec/common/reference.h"
#include "codec/common/sample_blocks.h"
#include "motion/motion_field.h"
#include "nn/tensor.h"

namespace furl::analysis {

struct LatentSettings {
  int threads = 0;                        // as DecoderSettings has it
  int64_t max_memory = int64_t{2} << 30;  // bytes that the state may take
  int64_t max_macs_per_pixel = int64_t{64000};
};

// Valid until the reader's next call.
struct LatentFrame {
  FrameHeader header;
  FrameTag tag;
  int width = 0;  // of the picture, in luma samples
  int height = 0;
  // Of key frames, as Family::DecodeLatents gives them; else null.
  const nn::Tensor* latents = nullptr;
  // Blocks of key frames that are coded in samples; null: none.
  const SampleBlocks* samples = nullptr;
  // Of other frames; null in key frames and where the family codes none.
  std::shared_ptr<const motion::MotionField> motion;
};

class LatentReader {
 public:
  // kUnsupported: the stream adds to a base, whose pictures would be needed. kLimitExceeded:
  // memory or networks beyond the settings.
  static Result<std::unique_ptr<LatentReader>> Create(const SequenceHeader& sequence,
                                                      FamilyPtr family,
                                                      const LatentSettings& settings);

  // kInvalidStream: damage; nothing can be read then before the next key frame. kUnsupported: the
  // family has no latents.
  Result<LatentFrame> Read(const PacketView& packet, const FrameTag& tag);

 private:
  LatentReader(const SequenceHeader& sequence, FamilyPtr family, int threads)
      : sequence_(sequence), family_(std::move(family)), pool_(threads) {}

  Status ReadInto(const PacketView& packet, LatentFrame* frame);
  Status ReadKey(const PacketView& packet, LatentFrame* frame);
  Status ReadMotion(const PacketView& packet, LatentFrame* frame);

  const SequenceHeader sequence_;
  const FamilyPtr family_;
  std::unique_ptr<FamilyState> state_;
  QpMap qp_map_;
  SampleBlocks samples_;
  nn::Tensor latents_;
  // References without pictures.
  ReferenceStore store_;
  ThreadPool pool_;
};

}  // namespace furl::analysis

#endif  // FURL_ANALYSIS_LATENT_READER_H_
