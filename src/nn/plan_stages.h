// Stages of a plan: runs of nodes that are computed band by band of rows without
// waiting in between. Within a stage a band of one node needs only the same
// band of the nodes before it, so that a band stays in the cache and threads
// meet only at the end of a stage. An operator with a halo needs the rows
// around its band and therefore starts a new stage unless its input is complete.

#ifndef FURL_NN_PLAN_STAGES_H_
#define FURL_NN_PLAN_STAGES_H_

#include <vector>

#include "nn/graph/graph.h"

namespace furl::nn {

struct Stage {
  struct Step {
    int node = 0;
    bool split = false;  // of its input into digits, not the node itself
  };
  std::vector<Step> steps;
  int scale = 4;    // coarsest among its tensors: one band unit is one row there
  double macs = 0;  // per luma sample, moving values counted as well
};

struct StagePlan {
  std::vector<Stage> stages;
  std::vector<int> stage_of_node;
  std::vector<int> split_stage_of_node;  // -1: no split
};

// Stages of a validated graph. `digits`: operators with `on_digits` run on split digits.
StagePlan BuildStages(const Graph& graph, bool digits);

}  // namespace furl::nn

#endif  // FURL_NN_PLAN_STAGES_H_
