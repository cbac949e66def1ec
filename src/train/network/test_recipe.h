// The architecture that tests of the trainer use where any real one will do.

#ifndef FURL_TRAIN_NETWORK_TEST_RECIPE_H_
#define FURL_TRAIN_NETWORK_TEST_RECIPE_H_

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "train/network/arch.h"

namespace furl::train {

inline Architecture Recipe() {
  auto arch = ReadArchitecture(std::string(FURL_SOURCE_DIR) + "/recipes/transform_s.json");
  EXPECT_TRUE(arch.ok());
  return std::move(arch).value();
}

}  // namespace furl::train

#endif  // FURL_TRAIN_NETWORK_TEST_RECIPE_H_
