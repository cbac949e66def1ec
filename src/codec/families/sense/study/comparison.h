// The family's decoder beside linear reconstruction from the bits that the codec wrote.

#ifndef FURL_CODEC_FAMILIES_SENSE_STUDY_COMPARISON_H_
#define FURL_CODEC_FAMILIES_SENSE_STUDY_COMPARISON_H_

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"
#include "base/thread_pool.h"
#include "codec/common/family.h"
#include "codec/families/sense/measurement_plan.h"
#include "codec/families/sense/study/block_prior.h"
#include "image/frame.h"

namespace furl::sense {

// Who makes pictures of the measurements.
enum Rival : uint8_t {
  kPseudoInverse,     // of the frame's own measurements, nothing known beside them
  kDctPrior,          // of these, and of how pictures are
  kDctPriorOnBefore,  // and of what was known of the frame before
  kDecoder,           // the family's networks
  kRivals,
};
inline constexpr std::array<const char*, kRivals> kRivalNames = {"pseudo_inverse", "dct_prior",
                                                                 "dct_prior_on_before", "decoder"};

// Of one GOP at one QP.
struct Comparison {
  int qp = 0;
  int luma_rows = 0;  // of kLumaSamples
  int frames = 0;
  int64_t bytes = 0;  // of the packets
  // PSNR in dB, (6 Y + U + V) / 8: of the key frame, and the mean of all frames.
  std::array<double, kRivals> key_psnr = {};
  std::array<double, kRivals> psnr = {};
};

// The measurements that a frame's packet holds, in raster order. kInvalidStream where the packet
// isn't one of a frame of that size which comes `age` frames after the last key frame.
Result<std::vector<BlockSymbols>> ReadBlocks(std::span<const uint8_t> packet, int width, int height,
                                             int age);

// Codes `frames` (at least one, of one size and depth) as a GOP and decodes what was written in all
// ways. `encoder`: sense::CreateEncoder's. `pool` may be null.
Result<Comparison> Compare(std::span<const ConstFramePtr> frames, int qp,
                           const FamilyEncoder& encoder, const BlockPrior& prior, ThreadPool* pool);

}  // namespace furl::sense

#endif  // FURL_CODEC_FAMILIES_SENSE_STUDY_COMPARISON_H_
