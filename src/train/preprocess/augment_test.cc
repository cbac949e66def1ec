#include "train/preprocess/augment.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace furl::train {
namespace {

constexpr int kSide = 32;

Crop Ramp() {
  Crop crop;
  crop.side = kSide;
  crop.y.resize(kSide * kSide);
  crop.u.resize(kSide * kSide / 4);
  crop.v.resize(kSide * kSide / 4);
  std::iota(crop.y.begin(), crop.y.end(), uint8_t{0});
  std::iota(crop.u.begin(), crop.u.end(), uint8_t{50});
  std::iota(crop.v.begin(), crop.v.end(), uint8_t{90});
  return crop;
}

bool Same(const Crop& a, const Crop& b) { return a.y == b.y && a.u == b.u && a.v == b.v; }

constexpr Augmentation kOff = {.mirror = false,
                               .transpose = false,
                               .reverse_time = false,
                               .brightness = 0,
                               .contrast = 0,
                               .chroma_gain = 0,
                               .swap_chroma = false,
                               .noise = 0};

TEST(Augment, SwitchedOffLeavesCropsAlone) {
  std::mt19937_64 rng(3);
  for (int i = 0; i < 200; ++i) {
    const Change change = DrawChange(kOff, rng);
    EXPECT_FALSE(change.reverse_time);
    Crop crop = Ramp();
    ApplyChange(change, crop, rng);
    ASSERT_TRUE(Same(crop, Ramp()));
  }
}

TEST(Augment, DrawsTheSameNumbersWhateverIsSwitchedOff) {
  std::mt19937_64 all(5);
  std::mt19937_64 none(5);
  for (int i = 0; i < 200; ++i) {
    DrawChange({}, all);
    DrawChange(kOff, none);
    ASSERT_TRUE(all == none);
  }
}

TEST(Augment, HappensAsOftenAndAsFarAsItSays) {
  std::mt19937_64 rng(7);
  constexpr int kDraws = 6000;
  int mirrored = 0, brightened = 0, gained = 0, swapped = 0, noisy = 0, reversed = 0;
  for (int i = 0; i < kDraws; ++i) {
    const Change change = DrawChange({}, rng);
    mirrored += change.mirror;
    brightened += change.luma_shift != 0;
    gained += change.chroma_gain != 1;
    swapped += change.swap_chroma;
    noisy += change.noise > 0;
    reversed += change.reverse_time;
    EXPECT_LE(std::abs(change.luma_shift), 20);
    EXPECT_LE(std::abs(change.luma_gain - 1), 0.3 + 1e-9);
    EXPECT_LE(std::abs(change.chroma_gain - 1.05), 0.45 + 1e-9);
    EXPECT_LE(change.noise, 2);
  }
  const auto expect = [&](int count, int of) {
    EXPECT_NEAR(count, kDraws / of, kDraws / 40) << of;
  };
  expect(mirrored, 2);
  expect(brightened, 3);
  expect(gained, 4);
  expect(swapped, 8);
  expect(noisy, 5);
  expect(reversed, 2);
}

TEST(Augment, ChangesAreWhatTheyAreCalled) {
  std::mt19937_64 rng(1);
  const Crop ramp = Ramp();
  Crop crop = Ramp();
  ApplyChange({.mirror = true}, crop, rng);
  EXPECT_EQ(crop.y[kSide - 1], ramp.y[0]);
  EXPECT_EQ(crop.u[3], ramp.u[kSide / 2 - 4]);
  crop = Ramp();
  ApplyChange({.transpose = true}, crop, rng);
  EXPECT_EQ(crop.y[3 * kSide + 1], ramp.y[kSide + 3]);
  crop = Ramp();
  ApplyChange({.swap_chroma = true}, crop, rng);
  EXPECT_EQ(crop.u, ramp.v);
  crop = Ramp();
  ApplyChange({.luma_gain = 0.5, .luma_shift = 10}, crop, rng);
  EXPECT_EQ(crop.y[128], 138);
  EXPECT_EQ(crop.y[28], 88);
  crop = Ramp();
  ApplyChange({.noise = 2}, crop, rng);
  EXPECT_FALSE(Same(crop, ramp));
}

}  // namespace
}  // namespace furl::train
