// ParallelEncode: furl encode --resume and --jobs. A plan and its chunks gather in a folder beside
// the output, made by processes of this tool; a run that was killed goes on with what is there.

#ifndef FURL_CLI_CHUNKS_PARALLEL_ENCODE_H_
#define FURL_CLI_CHUNKS_PARALLEL_ENCODE_H_

#include <CLI/CLI.hpp>
#include <mutex>
#include <string>
#include <vector>

#include "base/status.h"
#include "cli/commands.h"
#include "cli/encode/encode_options.h"
#include "cli/encode/encode_words.h"
#include "session/chunks/chunk_store.h"

namespace furl::cli {

struct ParallelOptions {
  bool resume = false;
  int jobs = 0;  // 0: not wanted; one at a time where a run is resumed

  bool wanted() const { return resume || jobs > 0; }
};

void AddParallelOptions(CLI::App* app, ParallelOptions* o);

// This process opens neither input nor chunks: those it starts do, each in its sandbox.
class ParallelEncode {
 public:
  // `encode`, which has words, and the console are borrowed.
  ParallelEncode(const EncodeOptions& encode, const ParallelOptions& options, Console& console);

  // kInvalidArgument where the output or the settings can't be made of chunks, or where the folder
  // is of another encode; else as the processes end. Chunks that are done stay after an error.
  Status Run(Details* details);

 private:
  Status CheckUse() const;
  Status MakeFolder();
  void RemoveFolder() const;
  Status MakePlan();
  Status CheckPlan(const session::EncodePlan& plan) const;
  Status CodeChunks(const session::ChunkStore& store);
  // Takes chunks of `left` until there are none, or one fails.
  void Work(const session::ChunkStore& store, const std::vector<size_t>& left);
  Status CodeChunk(size_t chunk);
  void Done(const session::ChunkStore& store, size_t chunk);
  // Whether the plan was revised, for its chunks to be coded and joined again.
  Result<bool> Join(Details* details);
  // Runs this tool with those arguments and what of the command line says how it is run; `result`
  // gets what its last line says. Its status is the process's.
  Status RunTool(std::vector<std::string> arguments, Details* result) const;

  const EncodeOptions& encode_;
  Console& console_;
  const bool resume_;
  const int jobs_;
  const Words words_;
  std::vector<std::string> machine_;  // arguments that all processes get
  const std::string folder_;
  const std::string plan_path_;

  std::mutex mutex_;  // guards what follows
  size_t next_ = 0;   // of the chunks left
  Status status_;
  int64_t frames_done_ = 0;
};

}  // namespace furl::cli

#endif  // FURL_CLI_CHUNKS_PARALLEL_ENCODE_H_
