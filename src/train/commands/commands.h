// The command line of furl-train: one subcommand per activity.

#ifndef FURL_TRAIN_COMMANDS_COMMANDS_H_
#define FURL_TRAIN_COMMANDS_COMMANDS_H_

#include "train/loop/trainer.h"

namespace furl::train {

// Exit status of the process: 0, 1 for failures (reported on standard error),
// 2 for usage errors.
int RunCommandLine(int argc, char** argv);

struct ExportOptions {
  std::string arch;
  std::string cache;
  std::string intra;  // checkpoints; inter may be absent: intra's weights stand in
  std::string inter;
  std::string output;
  std::string card;  // JSON file copied into the model, optional
  std::string dumps;
  std::string weights = "ema";  // or "model": the last instead of the averaged weights
  int batches = 24;
  int threads = 2;
};

struct CalibrateOptions {
  std::string cache;
  std::string model;
  std::string output;
  int quantizers = 2;  // 1, or 2: dependent quantization
  int rounds = 6;
  int clips = 64;
  int frames = 9;  // per clip
  int threads = 2;
  uint64_t seed = 7;
};
// Writes the model again with symbol tables fitted to what the real encoder
// codes with them. After a failure or an interruption `output` holds the tables
// of the last round.
Status RunCalibrate(const CalibrateOptions& options);

struct PackOptions {
  std::string checkpoint;
  std::string output;
};
// Keeps only the averaged weights of a checkpoint, as 16-bit floats: what is
// worth committing, and what `fork` and `export` can start from.
Status RunPack(const PackOptions& options);

Status RunExport(const ExportOptions& options);

}  // namespace furl::train

#endif  // FURL_TRAIN_COMMANDS_COMMANDS_H_
