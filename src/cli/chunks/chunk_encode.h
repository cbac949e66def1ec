// furl encode --plan: chunks of a plan in place of a whole video.

#ifndef FURL_CLI_CHUNKS_CHUNK_ENCODE_H_
#define FURL_CLI_CHUNKS_CHUNK_ENCODE_H_

#include <CLI/CLI.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "base/status.h"
#include "cli/chunks/plan_use.h"
#include "cli/commands.h"

namespace furl::cli {

struct ChunkOptions {
  PlanOptions places;   // its input is that of furl encode
  std::string numbers;  // "3", "0-4,9"
};

void AddChunkOptions(CLI::App* app, ChunkOptions* o);

// The numbers in the order they are given, each once; kInvalidArgument where one is none of
// `count` chunks.
Result<std::vector<size_t>> ParseChunkNumbers(const std::string& text, size_t count);

// Codes them one after the other; one that is done is left as it is unless `machine.overwrite`.
Status EncodeChunks(const ChunkOptions& options, const EncodeOptions& machine, Console& console,
                    Details* details);

}  // namespace furl::cli

#endif  // FURL_CLI_CHUNKS_CHUNK_ENCODE_H_
