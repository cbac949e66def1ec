// How a run trains: what a recipe may say of it, and each option of the command line that stands
// above the recipe. One list names both.

#ifndef FURL_TRAIN_LOOP_RUN_SETTINGS_H_
#define FURL_TRAIN_LOOP_RUN_SETTINGS_H_

#include <cstdint>
#include <string>

#include "base/status.h"
#include "train/data/qp_range.h"
#include "train/losses/losses.h"
#include "train/preprocess/augment.h"

namespace furl::train {

struct RunSettings : Augmentation, QpRange {
  double minutes = 0;  // length of the schedule by the clock, or
  int64_t steps = 0;   // by steps; both 0 = only write the start checkpoint
  int batch = 16;
  int crop = 128;
  int sequence = 8;  // frames of each item, of parts that take sequences
  uint64_t seed = 1;
  LossWeights losses;  // none: those of the family

  std::string optimizer = "adamw";
  double weight_decay = 0;
  double clip = 1.0;
  double learning_rate = 1e-3;
  std::string schedule = "decay";
  int warmup = 500;
  double decay_part = 0.3;  // of the schedule "decay", linear to 0 at its end
  int plateau = 0;          // validations without gain before the rate halves; 0 = off
  double qat_part = 0.2;    // of the schedule, at its end, with fake quantization

  int critic_channels = 32;
  double critic_rate = 2e-4;

  int64_t validate_every = 500;
  int early_stop = 0;  // validations without gain before stopping; 0 = off
  double save_minutes = 3;
  int keep = 0;  // checkpoints beside the best and the latest

  int threads = 2;
  std::string device = "cpu";
  bool bf16 = true;
};

// visit(name, member, help) for each setting: `name` is the key of a recipe, and with two dashes
// the option of a command line.
template <typename Visit>
void ForEachSetting(const Visit& visit) {
  using S = RunSettings;
  visit("minutes", &S::minutes, "length of the schedule by the clock");
  visit("steps", &S::steps, "length of the schedule in steps");
  visit("batch", &S::batch, "crops per step");
  visit("crop", &S::crop, "side of the crops, a multiple of 64");
  visit("sequence", &S::sequence, "frames of each item, of parts that take sequences");
  visit("finest-qp", &S::finest, "of the QPs that are trained");
  visit("coarsest-qp", &S::coarsest, "of the QPs that are trained");
  visit("seed", &S::seed, "of the random numbers");
  visit("losses", &S::losses, "what is minimized beside the rate, e.g. mse=1,ms-ssim=0.3");
  visit("optimizer", &S::optimizer, "adamw, adam or sgd");
  visit("weight-decay", &S::weight_decay, "pull of the weights toward 0");
  visit("clip", &S::clip, "gradient norm limit");
  visit("lr", &S::learning_rate, "learning rate");
  visit("schedule", &S::schedule, "of the learning rate: decay, constant, cosine or plateau");
  visit("warmup", &S::warmup, "steps of rising learning rate");
  visit("decay-part", &S::decay_part, "part of the schedule decay with falling rate");
  visit("plateau", &S::plateau, "validations without gain before the rate halves");
  visit("qat-part", &S::qat_part, "part of the schedule with fake quantization");
  visit("critic-channels", &S::critic_channels, "size of the critic of adversarial losses");
  visit("critic-lr", &S::critic_rate, "its learning rate");
  visit("validate-every", &S::validate_every, "steps between validations");
  visit("early-stop", &S::early_stop, "validations without gain before stopping");
  visit("save-minutes", &S::save_minutes, "minutes between checkpoints");
  visit("keep", &S::keep, "checkpoints to keep beside the best and the latest");
  visit("threads", &S::threads, "that share a batch (CPU) or cut its crops (CUDA)");
  visit("device", &S::device, "cpu or cuda");
  visit("bf16", &S::bf16, "convolutions in bfloat16");
  ForEachAugmentation(visit);
}

// kInvalidArgument names the setting that is out of its range.
Status CheckSettings(const RunSettings& settings);

}  // namespace furl::train

#endif  // FURL_TRAIN_LOOP_RUN_SETTINGS_H_
