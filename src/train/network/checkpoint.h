// Checkpoints: the parameter list (and, to continue, the optimizer's state) in
// one safetensors file.

#ifndef FURL_TRAIN_NETWORK_CHECKPOINT_H_
#define FURL_TRAIN_NETWORK_CHECKPOINT_H_

#include <map>
#include <string>

#include "base/status.h"
#include "train/base/torch_compat.h"
#include "train/network/params.h"
#include "train/network/safetensors.h"

namespace furl::train {

RawTensor ToRaw(const Tensor& tensor, bool half_precision = false);
Tensor FromRaw(const RawTensor& raw);

// All tensors of `params`, with `prefix` before each name.
void AppendParams(const ParamStore& params, const std::string& prefix, bool half_precision,
                  TensorFile& file);

// Sets every tensor of `file` under `prefix` (prefix removed, then `rename`
// from first to second applied to the start of the name). Tensors of other
// shape than what `params` already has are refused.
struct Rename {
  std::string from, to;
};
Status LoadParams(const TensorFile& file, const std::string& prefix, const Rename& rename,
                  ParamStore& params);

}  // namespace furl::train

#endif  // FURL_TRAIN_NETWORK_CHECKPOINT_H_
