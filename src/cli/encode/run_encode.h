// One run of furl encode on the console: what session::EncodeRun does, told as it goes.

#ifndef FURL_CLI_ENCODE_RUN_ENCODE_H_
#define FURL_CLI_ENCODE_RUN_ENCODE_H_

#include "cli/commands.h"
#include "cli/encode/encode_options.h"
#include "cli/sandbox_use.h"
#include "session/encode_run.h"

namespace furl::cli {

// Encodes; on success says so, and adds the keys of `result` (docs/cli.md).
Result<session::EncodeOutcome> RunEncode(const session::EncodeRequest& request,
                                         session::EncodeJob job, Console& console,
                                         Details* details);

// What must hold before any work: a new or replaceable output that isn't an
// input, standard output used once.
Status CheckEncodeOutput(const EncodeOptions& options, const Console& console);

// Reads the key of these inputs and, with --encrypt, of the output. Before the sandbox.
Status TakeEncodeKeys(const std::vector<std::string>& inputs, Console& console,
                      EncodeOptions* options);

// What the options make the process read and write.
SandboxNeeds EncodeNeeds(const EncodeOptions& options);

// Checks the output, and encodes as the options say, with their crf.
Status EncodeAtCrf(const EncodeOptions& options, Console& console, Details* details);

// The model to encode with, prepared. kUnsupported if there is none.
Result<FamilyEncoderPtr> EncodeFamily(const EncodeOptions& options);

}  // namespace furl::cli

#endif  // FURL_CLI_ENCODE_RUN_ENCODE_H_
