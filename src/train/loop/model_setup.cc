#include "train/loop/model_setup.h"

#include "train/network/checkpoint.h"

namespace furl::train {

void InitUntrained(PartModel& model, uint64_t seed) {
  model.params().InitGraphs(model.arch(), model.part() + ".", seed);
  model.InitOwn();
}

Result<std::string> PartOf(const TensorFile& checkpoint) {
  const auto found = checkpoint.metadata.find("part");
  if (found == checkpoint.metadata.end()) return InvalidArgument("not a checkpoint");
  return found->second;
}

Status InitFromCheckpoint(PartModel& model, const TensorFile& checkpoint, const std::string& prefix,
                          uint64_t seed, const std::function<Batch()>& next) {
  FURL_ASSIGN_OR_RETURN(const std::string part, PartOf(checkpoint));
  InitUntrained(model, seed);
  if (part == model.part()) return LoadParams(checkpoint, prefix, {}, model.params());
  return model.StartFromPart(checkpoint, prefix, part, next);
}

}  // namespace furl::train
