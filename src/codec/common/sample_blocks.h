// SampleBlocks: parts of a frame that are coded in samples.
//
// Text, diagrams and screens have few colours and hard edges: what a transform spreads over all
// its coefficients, the samples next to each other say in a fraction of a bit. A 16x16 luma block
// of any frame may be coded so, near-losslessly, with the two 8x8 chroma blocks over it; the family
// then codes nothing there. Samples are predicted from samples of such blocks alone, which makes
// their content independent of any network (docs/bitstream.md, "Sample blocks").

#ifndef FURL_CODEC_COMMON_SAMPLE_BLOCKS_H_
#define FURL_CODEC_COMMON_SAMPLE_BLOCKS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/status.h"
#include "image/frame.h"

namespace furl {

class SampleBlocks {
 public:
  static constexpr int kBlock = 16;  // luma samples a side

  SampleBlocks() = default;  // of no picture
  // No block is one yet. The format is one that Frame::Create accepts.
  SampleBlocks(int width, int height, int bit_depth);

  // Most bytes of one for a picture of that size.
  static size_t BytesOf(int width, int height);

  int cols() const { return cols_; }
  int rows() const { return rows_; }
  int bit_depth() const { return bit_depth_; }
  bool any() const { return count_ > 0; }
  int count() const { return count_; }
  // False outside the picture.
  bool At(int col, int row) const {
    return col >= 0 && row >= 0 && col < cols_ && row < rows_ && marks_[Index(col, row)] != 0;
  }
  // Whether this block and those around it, as far as there are some, are all in samples.
  bool Inside(int col, int row) const;

  void Clear();
  // Marks a block. Memory for samples is taken with the first: kOutOfMemory.
  Status Mark(int col, int row);
  void Unmark(int col, int row);

  // Samples of the picture's depth; those of marked blocks mean something. Only once a block has
  // been marked.
  Plane plane(int p) { return samples_->plane(p); }
  ConstPlane plane(int p) const { return static_cast<const Frame&>(*samples_).plane(p); }

  // Puts the samples of all marked blocks in their place, shifted to the depth of `picture`, which
  // has the same size and at least that depth. Leaves its border as it is.
  void Overlay(Frame* picture) const;

 private:
  size_t Index(int col, int row) const { return static_cast<size_t>(row) * cols_ + col; }

  int width_ = 0;
  int height_ = 0;
  int bit_depth_ = 8;
  int cols_ = 0;
  int rows_ = 0;
  int count_ = 0;
  std::vector<uint8_t> marks_;
  FramePtr samples_;  // null until needed
};

}  // namespace furl

#endif  // FURL_CODEC_COMMON_SAMPLE_BLOCKS_H_
