// The files that the inputs of furl encode mean: files, folders and patterns.

#ifndef FURL_CLI_ENCODE_BATCH_INPUTS_H_
#define FURL_CLI_ENCODE_BATCH_INPUTS_H_

#include <string>
#include <vector>

#include "base/status.h"

namespace furl::cli {

struct BatchInput {
  std::string path;
  // Of its folder within the folder that was named; empty for others.
  std::string folder;
  bool found = false;  // in a folder or by a pattern, not named itself
};

// A folder, or a pattern of the shell (*, ?, [...]) that isn't itself the name of a file.
bool MeansSeveral(const std::string& input);

// All, each once, in the order they were named; those of a folder or pattern by name. A folder
// means the files in it, with `recursive` also of folders in it, that are called as videos are
// (.mp4): a name can be told before anything is opened, and folders hold much else. A pattern means
// every file that fits. Hidden files are left out, links to folders not followed.
// kInvalidArgument where one means no file, or is standard input; kIo for a folder that can't be
// read.
Result<std::vector<BatchInput>> FindBatchInputs(const std::vector<std::string>& inputs,
                                                bool recursive);

}  // namespace furl::cli

#endif  // FURL_CLI_ENCODE_BATCH_INPUTS_H_
