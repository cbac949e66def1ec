#include "train/loop/prefetch.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

namespace furl::train {
namespace {

TEST(Prefetch, KeepsTheOrderAndPassesFailuresOn) {
  const auto counting = [](int first) {
    auto n = std::make_shared<int>(first);
    return BatchSource([n](int) {
      if (*n >= 100) throw std::runtime_error("out of crops");
      Batch batch;
      batch.original = batch.pred = torch::zeros({1});
      batch.qp = torch::full({1}, static_cast<float>(*n += 2));
      return batch;
    });
  };
  const BatchSource next = Prefetch({counting(-2), counting(-1)}, /*pin=*/false);
  for (int i = 0; i <= 100; ++i) EXPECT_EQ(next(-1).qp.item<float>(), i);
  next(-1);
  EXPECT_THROW(next(-1), std::runtime_error);
}

}  // namespace
}  // namespace furl::train
