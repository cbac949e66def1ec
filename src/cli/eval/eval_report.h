// furl eval --report: the page of an evaluation.

#ifndef FURL_CLI_EVAL_EVAL_REPORT_H_
#define FURL_CLI_EVAL_EVAL_REPORT_H_

#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "cli/eval/eval_options.h"
#include "eval/codecs/codec.h"
#include "eval/results/result_file.h"

namespace furl::cli {

// Whether `path` is named like the file that furl eval --speed writes.
bool IsSpeedFile(const std::string& path);

// What would otherwise only fail after hours: kIo where an input or a clip of
// --pictures is not there, or the folder of --table or --report; kInvalidArgument
// where --table or --report would replace one of the inputs.
Status CheckFiles(const EvalOptions& options);

// Writes options.report from `files` and, unless it is empty, the speed file at
// `speed`. For the pictures the clips of options.pictures are coded once more, at
// one rate each, by those of `codecs` that have results.
Status WriteEvalReport(const EvalOptions& options, const std::vector<eval::ResultFile>& files,
                       const std::string& speed, const std::string& command,
                       std::span<const eval::CodecPtr> codecs, Console& console, Details* details);

}  // namespace furl::cli

#endif  // FURL_CLI_EVAL_EVAL_REPORT_H_
