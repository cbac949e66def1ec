// The numbers of convolutions of test models.

#ifndef FURL_TESTS_SUPPORT_CONV_TENSORS_H_
#define FURL_TESTS_SUPPORT_CONV_TENSORS_H_

#include <cstdint>
#include <random>
#include <vector>

#include "nn/graph/graph.h"
#include "support/transform_tensors.h"

namespace furl::test {

// Adds the tensors of a convolution: weights [out][ky][kx][in]; as many biases as outputs, or a
// row of them for each QP; one factor for all.
void AddConv(const nn::Node& node, int64_t in, int64_t out, const std::vector<int8_t>& weights,
             const std::vector<int32_t>& bias, int16_t mult, TensorWriter* writer);

// The same with random numbers, small enough that a network of such convolutions touches latents
// and picture lightly. `qp`: with biases for each QP.
void AddRandomConv(const nn::Graph& graph, bool qp, std::mt19937& random, nn::Node* node,
                   TensorWriter* writer);

}  // namespace furl::test

#endif  // FURL_TESTS_SUPPORT_CONV_TENSORS_H_
