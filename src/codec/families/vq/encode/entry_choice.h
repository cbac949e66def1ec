// The encoder's choice of entries: for each slice the one of its codebook, or none, that costs
// least in rate and distortion.

#ifndef FURL_CODEC_FAMILIES_VQ_ENCODE_ENTRY_CHOICE_H_
#define FURL_CODEC_FAMILIES_VQ_ENCODE_ENTRY_CHOICE_H_

#include <array>
#include <cstdint>
#include <vector>

#include "codec/families/vq/frame_codec.h"

namespace furl::vq {

// What choosing needs of the codebooks of a grid beside their entries.
class CodebookNorms {
 public:
  explicit CodebookNorms(const Grid& grid);
  // The squared norms of the entries of a slice.
  const int64_t* Of(int stage, int slice) const {
    return norms_.data() + (static_cast<size_t>(stage) * slices_ + slice) * entries_;
  }

 private:
  int slices_;
  int entries_;
  std::vector<int64_t> norms_;
};

// Chooses entries and writes them.
class EntryChooser : public EntrySource {
 public:
  // The targets are what the analysis gives: what the sums of entries should be. Borrows all.
  EntryChooser(const CodebookNorms& top_norms, const CodebookNorms& bottom_norms,
               const nn::Tensor& top, const nn::Tensor& bottom, RangeEncoder* side)
      : top_norms_(top_norms),
        bottom_norms_(bottom_norms),
        top_(top),
        bottom_(bottom),
        side_(side) {}

  int Next(const Slice& slice) override;

 private:
  // What a slice lacks, in units of entries, into missing_; its squared norm.
  int64_t Measure(const Slice& slice);
  // The best entry; `cost` gets what it costs, without the significance.
  int BestEntry(const Slice& slice, int64_t missing, int64_t* cost);

  const CodebookNorms& top_norms_;
  const CodebookNorms& bottom_norms_;
  const nn::Tensor& top_;
  const nn::Tensor& bottom_;
  RangeEncoder* const side_;
  std::array<int16_t, kMaxWidth> missing_;  // by place in the vector
  Categorical law_;
};

}  // namespace furl::vq

#endif  // FURL_CODEC_FAMILIES_VQ_ENCODE_ENTRY_CHOICE_H_
