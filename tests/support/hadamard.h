// The linear paths of test models: Hadamard transforms, whose whole numbers are exact.

#ifndef FURL_TESTS_SUPPORT_HADAMARD_H_
#define FURL_TESTS_SUPPORT_HADAMARD_H_

#include <cstdint>
#include <vector>

#include "nn/graph/graph.h"
#include "support/conv_tensors.h"

namespace furl::test {

// Row k of the transform of a packed position, by rising frequency, of six four luma, one U and one
// V; 0, or 32 (chroma 64) with a sign.
int HadamardBlock(int k, int input);

// Row t * kept + c of the transform of the four quarters of a tile: how their latents c differ; 0,
// or 64 with a sign. Each quarter has `per_quarter` latents, of which the first `kept` take part.
int HadamardTile(int k, int input, int kept, int per_quarter);

// Adds the tensors of a convolution with kernel 1 whose weight from `i` to `o` is weight(o, i).
template <typename Weight>
void AddMatrix(const nn::Graph& graph, nn::Node* node, TensorWriter* writer, int shift,
               const Weight& weight) {
  const int in = graph.tensors[node->in[0]].channels;
  const int out = graph.tensors[node->out].channels;
  node->shift = shift;
  std::vector<int8_t> weights;
  for (int o = 0; o < out; ++o) {
    for (int i = 0; i < in; ++i) weights.push_back(static_cast<int8_t>(weight(o, i)));
  }
  AddConv(*node, in, out, weights, std::vector<int32_t>(out), 16384, writer);
}

}  // namespace furl::test

#endif  // FURL_TESTS_SUPPORT_HADAMARD_H_
