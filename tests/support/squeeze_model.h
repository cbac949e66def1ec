// The fixed model of the squeeze family for conformance streams and golden sizes, as tiny_model.h
// is of the transform family's. All its numbers come from integer arithmetic.

#ifndef FURL_TESTS_SUPPORT_SQUEEZE_MODEL_H_
#define FURL_TESTS_SUPPORT_SQUEEZE_MODEL_H_

#include <cstdint>
#include <vector>

#include "base/status.h"
#include "model/model_file.h"

namespace furl::test {

// Latents of a tile and of a quarter: more symbols than one run holds.
inline constexpr int kTinyBottleneck = 64;
inline constexpr int kTinyDetail = 80;

// The bytes of the model file: a transform of +-1, small networks with every operator of the family
// beside it, a prior of simple laws, tables of two quantizers and a loop filter.
std::vector<uint8_t> MakeSqueezeModelFile();

// The same, parsed. An error says which part the format no longer accepts.
Result<model::ModelPtr> MakeSqueezeModel();

}  // namespace furl::test

#endif  // FURL_TESTS_SUPPORT_SQUEEZE_MODEL_H_
