// The command line of furl-train: one subcommand per activity. Those of training itself stand in
// cmd_train.h.

#ifndef FURL_TRAIN_COMMANDS_COMMANDS_H_
#define FURL_TRAIN_COMMANDS_COMMANDS_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/status.h"
#include "train/commands/setting_options.h"
#include "train/preprocess/preparation.h"

namespace furl::train {

// Runs the subcommand that was chosen.
using Action = std::function<Status()>;
// Names and describes the program and adds all its subcommands; parsing sets `action`, which must
// outlive `app`.
void AddCommands(CLI::App& app, Action& action);

// Exit status of the process: 0, 1 for failures (reported on standard error, families' own
// options included), 2 for usage errors.
int RunCommandLine(int argc, char** argv);

// Options of `prepare`.
struct PrepareOptions : Preparation {
  std::string clips;   // folder of videos, perhaps with a manifest.tsv that names some of them
  std::string output;  // folder of the cache
  std::string recipe;  // that says how, or ""; `overrides` stand above it
  Overrides<Preparation> overrides;
};
Status RunPrepare(const PrepareOptions& options);

struct DumpOptions {
  std::string cache;   // frame cache with the clips
  std::string model;   // model file the encoder uses
  std::string output;  // folder of the dump cache
  int clips = 150;     // drawn from the training clips, then all held-out ones
  int frames = 17;     // per clip: one intra frame and two mini-GOPs
  int threads = 2;
  uint64_t seed = 1;
};

// Encodes clips at random qualities and frame strides and records every inter
// frame. Stops early, with what it has, when a stop is requested.
Status RunDump(const DumpOptions& options);

struct ExportOptions {
  std::string arch;
  std::string cache;
  // Checkpoints, each of the part that its run trained. For a part without one the first stands in.
  std::vector<std::string> from;
  std::string output;
  std::string card;             // JSON file copied into the model, optional
  std::string dumps;            // dump caches for inter parts, optional
  std::string weights = "ema";  // or "model": the last instead of the averaged weights
  int batches = 24;             // measured per part
  int threads = 2;
};
Status RunExport(const ExportOptions& options);

struct CalibrateOptions {
  std::string cache;
  std::string model;
  std::string output;
  int rounds = 6;
  int clips = 64;
  int frames = 9;  // per clip
  int threads = 2;
  uint64_t seed = 7;
  std::vector<std::string> family_words;  // the family's own options, as on the command line
};
// Writes the model again with the tables of its family fitted to what the real encoder codes with
// them. After a failure or an interruption `output` holds the tables of the last round.
Status RunCalibrate(const CalibrateOptions& options);

struct PackOptions {
  std::string checkpoint;
  std::string output;
};
// Keeps only the averaged weights of a checkpoint, as 16-bit floats: what is
// worth committing, and what `fork` and `export` can start from.
Status RunPack(const PackOptions& options);

struct CurveOptions {
  std::string run;     // folder of the run
  std::string output;  // HTML file
};

// Reads RUN/log.jsonl and writes the training curve as one self-contained page: training cost,
// validation score, and rate and quality at each validation QP over time.
Status RunCurve(const CurveOptions& options);

}  // namespace furl::train

#endif  // FURL_TRAIN_COMMANDS_COMMANDS_H_
