// The orthonormal discrete cosine transform of blocks in floating point: what linear reconstruction
// knows pictures by. N. Ahmed, T. Natarajan, K. R. Rao, "Discrete cosine transform" (1974).

#ifndef FURL_CODEC_FAMILIES_SENSE_STUDY_BLOCK_DCT_H_
#define FURL_CODEC_FAMILIES_SENSE_STUDY_BLOCK_DCT_H_

#include <vector>

namespace furl::sense {

// Of blocks of side x side values, row by row; coefficients by vertical, then horizontal frequency.
class BlockDct {
 public:
  explicit BlockDct(int side);

  int side() const { return side_; }
  int count() const { return side_ * side_; }

  // `from` and `to` are blocks that don't overlap.
  void Forward(const float* from, float* to) const { Transform(basis_, from, to); }
  void Inverse(const float* from, float* to) const { Transform(transposed_, from, to); }

 private:
  // matrix * from * transposed matrix.
  void Transform(const std::vector<float>& matrix, const float* from, float* to) const;

  int side_;
  std::vector<float> basis_;  // a row per frequency
  std::vector<float> transposed_;
};

}  // namespace furl::sense

#endif  // FURL_CODEC_FAMILIES_SENSE_STUDY_BLOCK_DCT_H_
