// VMAF for furl eval: the program of cli/vmaf.h behind eval's SequenceMeter.

#ifndef FURL_CLI_EVAL_EVAL_VMAF_H_
#define FURL_CLI_EVAL_EVAL_VMAF_H_

#include "base/status.h"
#include "eval/sequence_meter.h"

namespace furl::cli {

// kUnsupported, saying what is missing, where no program measures VMAF. `threads` of
// the program, 0: one per CPU.
Result<eval::SequenceMeterFactory> MakeVmafFactory(int threads);

}  // namespace furl::cli

#endif  // FURL_CLI_EVAL_EVAL_VMAF_H_
