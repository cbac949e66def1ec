// Random changes of crops, so that few clips look like many. One draw holds for all frames of a
// sequence.

#ifndef FURL_TRAIN_PREPROCESS_AUGMENT_H_
#define FURL_TRAIN_PREPROCESS_AUGMENT_H_

#include <random>

#include "train/preprocess/crop.h"

namespace furl::train {

// What may happen to a crop, and how far it goes; 0 and false switch off. How often is fixed.
struct Augmentation {
  bool mirror = true;         // every second crop
  bool transpose = true;      // every second
  bool reverse_time = true;   // every second sequence
  double brightness = 20;     // every third: up to so many 8-bit values added to the luma
  double contrast = 0.3;      // and its contrast changed by up to that part
  double chroma_gain = 0.45;  // every fourth: 1.05 and up to so much more or less
  bool swap_chroma = true;    // every eighth
  double noise = 2;           // every fifth: its standard deviation, up to that
};

// visit(name, member, help) for each: key of a recipe, and with two dashes an option.
template <typename Visit>
void ForEachAugmentation(const Visit& visit) {
  using A = Augmentation;
  visit("mirror", &A::mirror, "mirror crops");
  visit("transpose", &A::transpose, "transpose crops");
  visit("reverse-time", &A::reverse_time, "play sequences backward");
  visit("brightness", &A::brightness, "largest change of the luma, 8-bit values");
  visit("contrast", &A::contrast, "largest change of its contrast, a part");
  visit("chroma-gain", &A::chroma_gain, "largest change of the chroma's contrast, a part");
  visit("swap-chroma", &A::swap_chroma, "exchange U and V");
  visit("noise", &A::noise, "largest standard deviation of noise, 8-bit values");
}

// What happens to one crop or sequence.
struct Change {
  bool mirror = false;
  bool transpose = false;
  bool reverse_time = false;
  bool swap_chroma = false;
  double luma_gain = 1;
  double luma_shift = 0;
  double chroma_gain = 1;
  double noise = 0;  // standard deviation
};

// Draws as many random numbers whatever is switched off, so that settings compare.
Change DrawChange(const Augmentation& settings, std::mt19937_64& rng);

// All but the order in time; `rng` makes the noise.
void ApplyChange(const Change& change, Crop& crop, std::mt19937_64& rng);

}  // namespace furl::train

#endif  // FURL_TRAIN_PREPROCESS_AUGMENT_H_
