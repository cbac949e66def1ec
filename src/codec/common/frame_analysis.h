// FrameAnalysis: what a decoder can tell of a frame beside its picture: where its bits went, what
// the prior expected, how the picture came about. For tools that explain a file (furl inspect).
//
// Nothing is gathered unless somebody asks (DecoderSettings::observer). Drivers open accounts for
// what they read themselves; a family opens its own, names them, and leaves out what it lacks.

#ifndef FURL_CODEC_COMMON_FRAME_ANALYSIS_H_
#define FURL_CODEC_COMMON_FRAME_ANALYSIS_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bitstream/packet.h"
#include "entropy/bit_account.h"
#include "image/frame.h"
#include "motion/motion_field.h"

namespace furl {

enum class BitKind : uint8_t {
  kMotion,   // how the frame moves: vectors, references, weights
  kSide,     // about the frame: QP map, hyper-latents, filter strengths
  kSamples,  // blocks that are coded in samples
  kLatents,  // what the prediction lacks
};
inline constexpr int kBitKinds = 4;

// The bits of symbols of one kind. Costs of range-coded symbols come from the decoder's position
// (RangeDecoder::Position), those of symbols in a section of their own from their probabilities.
struct FrameAccount {
  BitKind kind;
  std::string name;  // for people, one or two words
  BitAccount bits;
  // What the prior expected them to cost: the entropy of each symbol's distribution, taken when it
  // was due. None where no prior says so.
  std::optional<BitAccount> expected;
};

// A latent that is not what was expected of it: a symbol other than 0.
struct FiredLatent {
  int32_t block;    // row * cols + col of the 16x16 block it is in, or begins in
  uint16_t latent;  // its number in the family's order
  int16_t symbol;
  uint32_t cost;  // 1/256 bit
};

struct FrameAnalysis {
  FrameAnalysis(int picture_width, int picture_height);

  // A new account, which stays where it is.
  FrameAccount* Open(BitKind kind, std::string name);

  int width;
  int height;
  int cols;  // 16x16 blocks
  int rows;
  FrameHeader header;
  ColorTags color;  // of the video
  FrameTag tag;
  int64_t side_bytes = 0;  // sections of the packet; what it has beside them frames these
  int64_t latent_bytes = 0;

  std::deque<FrameAccount> accounts;
  std::vector<FiredLatent> fired;
  std::vector<int8_t> qps;                            // of the blocks
  std::vector<uint8_t> in_samples;                    // 1: the block is coded in samples
  std::shared_ptr<const motion::MotionField> motion;  // null: the frame has none

  // Pictures at 12 bits, and `picture` at the video's depth; null where there is no such step.
  ConstFramePtr prediction;
  ConstFramePtr unfiltered;  // before the loop filter
  ConstFramePtr picture;
};

// The bits of a new account, or null where nothing is analysed.
inline BitAccount* OpenBits(FrameAnalysis* analysis, BitKind kind, const char* name) {
  return analysis == nullptr ? nullptr : &analysis->Open(kind, name)->bits;
}

// Whoever watches a decoder.
class DecodeObserver {
 public:
  virtual ~DecodeObserver() = default;

  // One call for each frame that was decoded without error, in the decoder's threads, one at a time
  // and references before what refers to them. Its memory comes on top of the decoder's limit.
  virtual void Take(FrameAnalysis analysis) = 0;
};

}  // namespace furl

#endif  // FURL_CODEC_COMMON_FRAME_ANALYSIS_H_
