#include "train/families/vq/vq_part.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>

#include "codec/families/vq/vq_family.h"
#include "train/family/test_parts.h"

namespace furl::train::vq {
namespace {

Batch MakeBatch(int64_t items, int64_t side, bool inter) {
  Batch batch = SmoothPictures(items, side, 40);
  if (inter) batch.diff = torch::zeros_like(batch.original);
  return batch;
}

const Architecture& Arch() {
  static const Architecture arch = RecipeOf("vq_m.json");
  return arch;
}

// The parameters of a part that has started, which takes a while.
const ParamStore& StartedParams(const std::string& name) {
  static std::map<std::string, ParamStore> known;
  const auto found = known.find(name);
  if (found != known.end()) return found->second;
  ParamStore& params = known.emplace(name, ParamStore(torch::Device("cpu"))).first->second;
  VqPart part(Arch(), name, {}, params);
  torch::manual_seed(4);
  InitUntrained(part, 3);
  part.Start([name] { return MakeBatch(2, 8, name == "inter"); });
  return params;
}

// A part that has started, with parameters of its own.
struct Started {
  ParamStore params;
  VqPart part;

  explicit Started(const std::string& name = "intra")
      : params(StartedParams(name).Clone()), part(Arch(), name, {}, params) {
    torch::manual_seed(5);
  }
};

TEST(Codebooks, PerplexityIsTheNumberOfEntriesInUse) {
  ParamStore params{torch::Device("cpu")};
  Codebooks books("intra.top", 4, params);
  books.Init(2, 16);
  const auto none = torch::zeros({0, 4});
  const auto sums = torch::zeros({16, 4});
  books.Follow(
      {{torch::ones({1}), torch::ones({16}), sums, none},
       {torch::ones({1}), torch::cat({torch::ones({4}), torch::zeros({12})}), sums, none}});
  EXPECT_NEAR(books.Perplexity(0), 16, 1e-3);
  EXPECT_NEAR(books.Perplexity(1), 4, 1e-3);
}

TEST(Codebooks, EntriesFollowWhatTheyStandFor) {
  ParamStore params{torch::Device("cpu")};
  Codebooks books("intra.top", 3, params);
  books.Init(1, 2);
  const BookUse use = {torch::tensor({2.0F}), torch::tensor({2.0F, 0.0F}),
                       torch::tensor({{8.0F, 4.0F, 2.0F}, {0.0F, 0.0F, 0.0F}}),
                       torch::zeros({0, 3})};
  for (int i = 0; i < 500; ++i) books.Follow({use});
  EXPECT_TRUE(torch::allclose(books.Book(0)[0], torch::tensor({4.0F, 2.0F, 1.0F}), 1e-2));
  EXPECT_TRUE(torch::equal(books.Book(0)[1], torch::zeros({3})));
}

TEST(Codebooks, OnlyRareEntriesGetNewLives) {
  ParamStore params{torch::Device("cpu")};
  Codebooks books("intra.top", 2, params);
  books.Init(1, 4);
  const auto spare = torch::full({8, 2}, 7.0F);
  const GridUse use = {{torch::tensor({300.0F}), torch::tensor({100.0F, 100.0F, 100.0F, 0.0F}),
                        torch::zeros({4, 2}), spare}};
  books.Follow(use);
  EXPECT_EQ(books.Revive(use), 1);
  EXPECT_TRUE(torch::equal(books.Book(0)[3], spare[0]));
  EXPECT_TRUE(torch::equal(books.Book(0)[0], torch::zeros({2})));
  EXPECT_EQ(books.Revive(use), 0);
}

TEST(VqPart, StartsAsATransformThatLosesOnlyWhatItLeavesOut) {
  const Started started;
  torch::NoGradGuard no_grad;
  const auto matrix = [&](const std::string& node) {
    return started.params.Get("intra." + node + ".weight").flatten(1).to(torch::kFloat64);
  };
  for (const auto& [there, back] : {std::pair("analysis.bottom", "synthesis.block"),
                                    std::pair("analysis.top", "expand.tile")}) {
    const auto around = torch::matmul(matrix(there), matrix(back));
    EXPECT_LT((around - torch::eye(around.size(0), torch::kFloat64)).abs().max().item<double>(),
              1e-4)
        << there;
  }
}

TEST(VqPart, AHigherQpTakesFewerBitsForMoreError) {
  const Started started;
  torch::NoGradGuard no_grad;
  Batch batch = MakeBatch(2, 8, false);
  double last_rate = 1e9;
  double last_error = 0;
  for (const double qp : {14.0, 34.0, 54.0}) {
    batch.qp.fill_(qp);
    const Loss loss = started.part.Validate(batch, {});
    EXPECT_LT(loss.rate.sum().item<double>(), last_rate) << qp;
    EXPECT_GT(loss.luma_sse.sum().item<double>(), last_error) << qp;
    EXPECT_TRUE(loss.notes.contains("top_perplexity_0"));
    last_rate = loss.rate.sum().item<double>();
    last_error = loss.luma_sse.sum().item<double>();
  }
}

TEST(VqPart, GradientsReachNetworksButNotCodebooksOrTransform) {
  Started started;
  for (const std::string& name : started.part.Frozen()) started.params.SetTrainable(name, false);
  Batch batch = MakeBatch(1, 8, false);
  batch.qp.fill_(10);
  const Loss loss = started.part.Forward(batch, {});
  (loss.rate + loss.distortion).sum().backward();
  for (const char* node : {"analysis.top_add", "analysis.bottom_add", "expand.add",
                           "synthesis.recon", "top_prior_0_0.entries", "top_prior_0_1.around",
                           "top_prior_0_0.significance", "bottom_prior_0_1.entries"}) {
    const auto grad = started.params.Get(std::string("intra.") + node + ".weight").grad();
    ASSERT_TRUE(grad.defined()) << node;
    EXPECT_GT(grad.abs().max().item<double>(), 0) << node;
  }
  for (const char* frozen : {"top.codebooks", "analysis.top.weight", "synthesis.block.weight"}) {
    EXPECT_FALSE(started.params.Get(std::string("intra.") + frozen).requires_grad()) << frozen;
  }
}

TEST(VqPart, CodebooksFollowTheStepsOfTraining) {
  Started started;
  ParamStore average = started.params.Clone();
  const auto before = started.params.Get("intra.top.codebooks").clone();
  Batch batch = MakeBatch(2, 8, false);
  batch.qp.fill_(4);
  const Loss loss = started.part.Forward(batch, {});
  ASSERT_NE(loss.observation, nullptr);
  started.part.AfterStep({loss.observation}, average);
  EXPECT_FALSE(torch::equal(started.params.Get("intra.top.codebooks"), before));
  EXPECT_TRUE(
      torch::equal(started.params.Get("intra.top.codebooks"), average.Get("intra.top.codebooks")));
}

// What is decoded is what was known before and an entry of each stage that has one.
TEST(GridCoding, LatentsAreSumsOfEntries) {
  Started started;
  torch::NoGradGuard no_grad;
  const GridNames names = {"intra", "top"};
  const Codebooks books(names.parameters(), 64, started.params);
  for (const char* phase : {"1", "2", "3"}) {  // nothing is expected
    started.params.Get(std::string("intra.top_prior_0_") + phase + ".around.weight").zero_();
  }
  // An entry of the first slice, and one of the fourth.
  auto vector = torch::zeros({64});
  vector.slice(0, 0, books.end(0)) = books.Book(0)[5];
  vector.slice(0, books.begin(3), books.end(3)) = books.Book(3)[7];
  constexpr double kStep = 4;
  const auto target = (vector * kStep).reshape({1, -1, 1, 1}).expand({1, 64, 2, 2}).contiguous();
  const GridTask task = {target,
                         torch::zeros_like(target),
                         torch::zeros({1, 16, 2, 2}),
                         KnotWeights(torch::full({1}, 10.0)),
                         torch::full({1}, kStep),
                         2,
                         2,
                         1};
  GridUse use;
  const CodedGrid coded = CodeGrid(Arch(), names, started.params, task, {}, &use);
  // A cheaper entry that is nearly the same may stand for one.
  for (const int64_t slice : {0, 3}) {
    const auto decoded =
        coded.latent[0].select(1, 0).select(1, 0).slice(0, books.begin(slice), books.end(slice));
    const auto distances = (books.Book(slice) - decoded / kStep).square().sum(1);
    EXPECT_LT(distances.min().item<double>(), 1e-6) << slice;
    EXPECT_EQ(use[slice].counts.sum().item<double>(), 4) << slice;
  }
  EXPECT_EQ(use[1].counts.sum().item<double>(), 0);
  EXPECT_TRUE(torch::equal(coded.latent.slice(1, books.begin(1), books.end(1)),
                           torch::zeros({1, books.end(1) - books.begin(1), 2, 2})));
  EXPECT_GT(coded.bits.item<double>(), 4 * 2);
}

TEST(VqPart, ExportsWhatTheRuntimeComputes) {
  const Started intra;
  const Started inter("inter");
  const auto model = ExportedModel({{intra.part, [] { return MakeBatch(2, 8, false); }},
                                    {inter.part, [] { return MakeBatch(2, 8, true); }}},
                                   "vq_test");
  ASSERT_TRUE(model.ok()) << model.status().message();
  const auto family = furl::vq::CreateFamily(*model);
  EXPECT_TRUE(family.ok()) << family.status().message();
}

}  // namespace
}  // namespace furl::train::vq
