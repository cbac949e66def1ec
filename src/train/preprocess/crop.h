// Square crops of 8-bit 4:2:0 pictures.

#ifndef FURL_TRAIN_PREPROCESS_CROP_H_
#define FURL_TRAIN_PREPROCESS_CROP_H_

#include <cstdint>
#include <random>
#include <vector>

namespace furl::train {

// One 4:2:0 crop, 8 bit: Y of side*side, U and V of a quarter each.
struct Crop {
  int side = 0;
  std::vector<uint8_t> y, u, v;
};

// Where a crop lies in its picture; even numbers.
struct CropPlace {
  int x = 0;
  int y = 0;
  int side = 0;
};

// A place inside of width*height, every one as likely. The side is even, and no longer than either.
CropPlace DrawPlace(int width, int height, int side, std::mt19937_64& rng);

// From a picture of Y, U and V planes, one after the other without padding.
Crop CutCrop(const uint8_t* picture, int width, int height, const CropPlace& place);

// How busy the luma is: a sum over absolute differences of neighbours, subsampled.
double GradientEnergy(const Crop& crop);

// Writes the crop in packed order (docs/hyperprior.md) as real s12 values to
// out[side/8][side/8][96].
void PackCrop(const Crop& crop, float* out);

}  // namespace furl::train

#endif  // FURL_TRAIN_PREPROCESS_CROP_H_
