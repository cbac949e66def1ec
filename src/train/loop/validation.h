// How good a part is on crops of sources that training never sees, at four QPs.

#ifndef FURL_TRAIN_LOOP_VALIDATION_H_
#define FURL_TRAIN_LOOP_VALIDATION_H_

#include <nlohmann/json.hpp>
#include <vector>

#include "base/status.h"
#include "train/data/batch_source.h"
#include "train/family/family.h"

namespace furl::train {

class Validation {
 public:
  // Draws the batches, once. `crops` say what of; held_out is set here.
  Status Open(BatchOptions crops, const torch::Device& device);

  // Mean over the QPs of log2(cost), and of each QP what the log shows of it.
  struct Result {
    double score = 0;
    nlohmann::json points = nlohmann::json::array();
  };
  Result Run(const PartModel& part, const RunOptions& run) const;

 private:
  std::vector<int> qps_;
  std::vector<std::vector<Batch>> batches_;  // by QP
};

}  // namespace furl::train

#endif  // FURL_TRAIN_LOOP_VALIDATION_H_
