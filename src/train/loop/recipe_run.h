// What a recipe says of the run and of its data. Of the run in its object "training":
//
//   "training": {
//     "steps": 14000, "lr": 1.2e-3, "losses": {"mse": 0.2, "ms-ssim": 0.8},
//     "options": {"hyper-keep": 0.5},           the family's own options
//     "parts": {"inter": {"steps": 3600}}       for one part, on top of the rest
//   }
//
// Keys are those of ForEachSetting. What is missing has its default.

#ifndef FURL_TRAIN_LOOP_RECIPE_RUN_H_
#define FURL_TRAIN_LOOP_RECIPE_RUN_H_

#include <string>

#include "train/loop/trainer.h"
#include "train/preprocess/preparation.h"

namespace furl::train {

// Sets what the recipe `options->arch` says for the part `options->part` ("": the family's first),
// and puts its options of the family before those that are there, which win. kInvalidArgument
// names the file and the key that is unknown or has another type.
Status ApplyRecipe(TrainOptions* options);

// Sets what a recipe says of the pictures to train on, in its object "preparation" with the keys of
// ForEachPreparation. Errors as above.
Status ApplyPreparation(const std::string& recipe, Preparation* preparation);

}  // namespace furl::train

#endif  // FURL_TRAIN_LOOP_RECIPE_RUN_H_
