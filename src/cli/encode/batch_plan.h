// What becomes of which file in furl encode of several inputs, before any of it is done.

#ifndef FURL_CLI_ENCODE_BATCH_PLAN_H_
#define FURL_CLI_ENCODE_BATCH_PLAN_H_

#include <string>
#include <vector>

#include "base/status.h"
#include "cli/encode/batch_inputs.h"
#include "cli/encode/encode_options.h"

namespace furl::cli {

struct BatchItem {
  std::string input;
  std::string output;
};

// Whether inputs and output are for several files, or a name is to be made for the output: a
// template, a folder.
bool IsBatch(const std::vector<std::string>& inputs, const std::string& output);

// The outputs of `inputs`, by the template or folder `options.output`. Files that were found and
// are an output themselves, of this or an earlier run, are left out. kInvalidArgument where two
// would have one output, or the output isn't one for several.
Result<std::vector<BatchItem>> PlanBatch(std::vector<BatchInput> inputs,
                                         const EncodeOptions& options);

}  // namespace furl::cli

#endif  // FURL_CLI_ENCODE_BATCH_PLAN_H_
