// The codecs of furl eval, from what is asked for to adapters that are ready.

#ifndef FURL_CLI_EVAL_EVAL_CODECS_H_
#define FURL_CLI_EVAL_EVAL_CODECS_H_

#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "cli/console.h"
#include "cli/eval/eval_options.h"
#include "eval/codecs/codec.h"
#include "eval/codecs/codec_request.h"
#include "eval/results/result_file.h"

namespace furl::cli {

// What the anchor's results are called: --anchor may be a request or such a name.
std::string AnchorName(const EvalOptions& options);

// The codecs to measure, each once; the anchor first, because the others aim at its qualities.
// kInvalidArgument where one is wrong or two would have the same name.
Result<std::vector<eval::CodecRequest>> EvalRequests(const EvalOptions& options);

// What result files were made with, as far as this furl has it: codecs of the list by name, furl's
// others by the model's id.
std::vector<eval::CodecRequest> RequestsOf(std::span<const eval::ResultFile> files);

// Those codecs, ready, in their order. Optional ones that this machine lacks are left out with a
// notice.
Result<std::vector<eval::CodecPtr>> MakeEvalCodecs(const EvalOptions& options,
                                                   std::span<const eval::CodecRequest> requests,
                                                   Console& console);

}  // namespace furl::cli

#endif  // FURL_CLI_EVAL_EVAL_CODECS_H_
