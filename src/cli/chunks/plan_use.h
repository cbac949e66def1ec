// What the commands that work on a plan share: its options, and opening it.

#ifndef FURL_CLI_CHUNKS_PLAN_USE_H_
#define FURL_CLI_CHUNKS_PLAN_USE_H_

#include <CLI/CLI.hpp>
#include <string>

#include "base/status.h"
#include "cli/console.h"
#include "cli/encode/encode_options.h"
#include "cli/encode/encode_words.h"
#include "codec/common/family.h"
#include "session/chunks/chunk_store.h"

namespace furl::cli {

struct PlanOptions {
  std::string plan;    // path
  std::string chunks;  // folder; "": beside the plan
  std::string input;   // in place of the plan's; "": that
};

// --chunks and --input.
void AddPlanPlaces(CLI::App* app, PlanOptions* o);

std::string ChunkFolder(const PlanOptions& options);

// An input as a plan names it, for any folder: an address, or the absolute path of a file.
std::string AbsoluteInput(const std::string& input);

// The words of `options`, which has some, for any folder: a model's path is absolute.
Words PlannedWords(const EncodeOptions& options);

struct OpenedPlan {
  session::ChunkStore store;
  EncodeOptions encode;  // what the plan's options say, with input and crf; no output
};

// Reads the plan, takes from `machine` how it is run here (threads, sandbox, and a model or family
// where those of the plan aren't meant), and checks
// that the input is there: kInvalidArgument where the plan names an address, which only a command
// line may, kInvalidStream where the file has another size than the plan was made of.
Result<OpenedPlan> OpenPlan(const PlanOptions& options, const EncodeOptions& machine);

// The model that the plan was made for; kUnsupported where the one found here is another.
Result<FamilyEncoderPtr> PlannedFamily(const OpenedPlan& plan);

}  // namespace furl::cli

#endif  // FURL_CLI_CHUNKS_PLAN_USE_H_
