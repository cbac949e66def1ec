#include "codec/dec/decoder_memory.h"

#include <string>

#include "codec/common/gop.h"
#include "codec/common/motion_refs.h"
#include "codec/dec/base_pairing.h"
#include "codec/dec/decoder.h"
#include "image/frame.h"
#include "motion/compensate.h"
#include "motion/motion_field.h"

namespace furl {
namespace {

int64_t PictureBytes(const SequenceHeader& s) {
  return static_cast<int64_t>(Frame::BytesOf(s.width, s.height, kPictureBorder) +
                              motion::MotionField::BytesOf(s.width, s.height));
}

// Pictures of a base that wait to be paired, and those of frames that wait to be decoded.
int64_t BaseBytes(const SequenceHeader& s) {
  if (!s.base.has_value()) return 0;
  constexpr size_t kPictures = kMostBases + Decoder::kMaxHeldPictures;
  return static_cast<int64_t>(kPictures * Frame::BytesOf(s.base->width, s.base->height, 0));
}

int64_t WorkingBytes(const SequenceHeader& s, const Family& family) {
  // Two references may be weighed; a base is upscaled and rounded.
  const int frames = s.base.has_value() ? 4 : 2;
  return static_cast<int64_t>(frames * Frame::BytesOf(s.width, s.height, kPictureBorder) +
                              motion::PredictionPlanes::BytesOf(s.width, s.height) +
                              SampleBlocks::BytesOf(s.width, s.height) +
                              family.StateBytes(s.width, s.height, s.bit_depth));
}

// Rounded up.
std::string Megabytes(int64_t bytes) {
  constexpr int64_t kMebi = 1 << 20;
  return std::to_string(bytes / kMebi + (bytes % kMebi != 0 ? 1 : 0)) + " MiB";
}

}  // namespace

int64_t DecoderBytes(const SequenceHeader& sequence, const Family& family, int frames_in_flight) {
  const int pictures = kReferenceSlots + Decoder::kMaxHeldPictures + 2 * frames_in_flight + 1;
  return pictures * PictureBytes(sequence) + BaseBytes(sequence) +
         frames_in_flight * WorkingBytes(sequence, family);
}

Result<int> AffordableFramesInFlight(const SequenceHeader& sequence, const Family& family,
                                     int wanted, int64_t max_memory) {
  for (int frames = wanted; frames > 0; --frames) {
    if (DecoderBytes(sequence, family, frames) <= max_memory) return frames;
  }
  const int64_t needed = DecoderBytes(sequence, family, 1);
  return LimitExceeded("decoding pictures of " + std::to_string(sequence.width) + "x" +
                       std::to_string(sequence.height) + " takes up to " + Megabytes(needed) +
                       ", above the limit of " + Megabytes(max_memory) + " (max-memory)");
}

}  // namespace furl
