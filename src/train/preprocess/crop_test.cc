#include "train/preprocess/crop.h"

#include <gtest/gtest.h>

#include "codec/common/pack.h"
#include "train/losses/planes.h"

namespace furl::train {
namespace {

// A picture whose samples all differ from their neighbours.
std::vector<uint8_t> Picture(int width, int height) {
  std::vector<uint8_t> picture(static_cast<size_t>(width) * height * 3 / 2);
  for (size_t i = 0; i < picture.size(); ++i) picture[i] = static_cast<uint8_t>(i * 7 + i / 251);
  return picture;
}

TEST(Crop, IsTheWindowOfEachPlane) {
  constexpr int kWidth = 40;
  constexpr int kHeight = 24;
  const auto picture = Picture(kWidth, kHeight);
  const Crop crop = CutCrop(picture.data(), kWidth, kHeight, {6, 4, 16});
  const uint8_t* u = picture.data() + kWidth * kHeight;
  const uint8_t* v = u + kWidth * kHeight / 4;
  EXPECT_EQ(crop.y[3 * 16 + 5], picture[(4 + 3) * kWidth + 6 + 5]);
  EXPECT_EQ(crop.u[3 * 8 + 5], u[(2 + 3) * kWidth / 2 + 3 + 5]);
  EXPECT_EQ(crop.v[7 * 8 + 7], v[(2 + 7) * kWidth / 2 + 3 + 7]);
}

TEST(Crop, PlacesLieInsideOnEvenSamplesAndReachAllCorners) {
  std::mt19937_64 rng(1);
  bool first = false;
  bool last = false;
  for (int i = 0; i < 500; ++i) {
    const CropPlace place = DrawPlace(70, 66, 64, rng);
    EXPECT_EQ(place.x % 2 + place.y % 2, 0);
    EXPECT_LE(place.x, 6);
    EXPECT_LE(place.y, 2);
    first = first || (place.x == 0 && place.y == 0);
    last = last || (place.x == 6 && place.y == 2);
  }
  EXPECT_TRUE(first && last);
}

// The losses take packed pictures apart again.
TEST(Crop, PackedIsWhatToPlanesUnpacks) {
  const auto picture = Picture(32, 32);
  const Crop crop = CutCrop(picture.data(), 32, 32, {0, 0, 32});
  auto packed = torch::empty({1, 4, 4, kPackedChannels});
  PackCrop(crop, packed.data_ptr<float>());
  const Planes planes = ToPlanes(packed.permute({0, 3, 1, 2}));
  for (int y = 0; y < 32; ++y) {
    for (int x = 0; x < 32; ++x) {
      ASSERT_EQ(planes.luma[0][0][y][x].item<float>(), crop.y[y * 32 + x]);
    }
  }
  EXPECT_EQ(planes.chroma[0][0][9][5].item<float>(), crop.u[9 * 16 + 5]);
  EXPECT_EQ(planes.chroma[0][1][2][15].item<float>(), crop.v[2 * 16 + 15]);
}

}  // namespace
}  // namespace furl::train
