// `furl-train pack`: a checkpoint reduced to what others need.

#include "train/commands/commands.h"
#include "train/network/checkpoint.h"

namespace furl::train {

Status RunPack(const PackOptions& options) {
  FURL_ASSIGN_OR_RETURN(const TensorFile file, ReadTensorFile(options.checkpoint));
  TensorFile packed;
  packed.metadata = file.metadata;
  packed.metadata.erase("optimizer_steps");  // can no longer be continued, only forked
  for (const auto& [name, raw] : file.tensors) {
    if (name.compare(0, 4, "ema.") == 0) packed.tensors[name] = ToRaw(FromRaw(raw), true);
  }
  if (packed.tensors.empty()) return InvalidArgument(options.checkpoint + " is not a checkpoint");
  return WriteTensorFile(options.output, packed);
}

}  // namespace furl::train
