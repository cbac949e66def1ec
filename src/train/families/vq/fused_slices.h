// What an encoder would code in one pass over a grid, in one walk over memory: plain torch
// operators take three times as long. The bits' gradient reaches the priors' outputs; choices have
// none.

#ifndef FURL_TRAIN_FAMILIES_VQ_FUSED_SLICES_H_
#define FURL_TRAIN_FAMILIES_VQ_FUSED_SLICES_H_

#include <vector>

#include "codec/families/vq/grid.h"
#include "train/families/vq/codebooks.h"

namespace furl::train::vq {

// A codebook as the walk wants it: entries side by side, number by number.
struct FlatBook {
  int entries = 0;
  int begin = 0, end = 0;      // of the slice's numbers in the vector
  std::vector<float> numbers;  // [end - begin][entries]
  std::vector<float> norms;    // [entries], squared
};
std::vector<FlatBook> FlattenStage(const Codebooks& books, int64_t stage);

struct SlicePass {
  int stage;
  furl::vq::Phase phase;
  const std::vector<FlatBook>& books;  // of the stage's slices
  BookUse* uses;                       // of these, or null
};

struct CodedSlices {
  Tensor bits;   // [N]
  Tensor added;  // [N, width, h, w], in quantizer steps; no gradient
  Tensor coded;  // [N, slices, h, w]: 1 where there is an entry; no gradient
};

// All on the CPU. `logits` [N, slices * entries, h, w] and `odds` [N, >= slices, h, w] to base 2,
// `contexts` [slices, kContexts]; `missing` [N, width, h, w]: what the vectors lack in quantizer
// steps; `counts` [N, slices, h, w]: entries that slices have already.
CodedSlices CodeSlices(const Tensor& logits, const Tensor& odds, const Tensor& contexts,
                       const Tensor& missing, const Tensor& counts, const SlicePass& pass);

}  // namespace furl::train::vq

#endif  // FURL_TRAIN_FAMILIES_VQ_FUSED_SLICES_H_
