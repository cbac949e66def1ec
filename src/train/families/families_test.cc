#include "train/families/families.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "codec/families/decoders.h"
#include "train/hyperprior/hyperprior_part.h"

namespace furl::train {
namespace {

TEST(Families, RowsAreWholeAndKnownToTheCodec) {
  std::set<std::string> names;
  for (const TrainFamily* family : TrainFamilies()) {
    EXPECT_TRUE(names.insert(family->name).second) << family->name << " stands there twice";
    EXPECT_NE(furl::FindFamily(family->name), nullptr) << family->name;
    EXPECT_FALSE(family->parts.empty()) << family->name;
    EXPECT_NE(family->create, nullptr) << family->name;
    EXPECT_TRUE(ParseFamilyOptions(family->train_options, {}).ok()) << family->name;
  }
  EXPECT_EQ(FindTrainFamily("nobody's").status().code(), StatusCode::kUnsupported);
}

TEST(Families, PartsAreFoundByNameAndTheFirstByDefault) {
  const TrainFamily& family = *TrainFamilies().front();
  EXPECT_EQ((*FindPart(family, ""))->name, family.parts.front().name);
  EXPECT_EQ((*FindPart(family, "inter"))->name, std::string("inter"));
  EXPECT_TRUE((*FindPart(family, "inter"))->inter);
  const auto missing = FindPart(family, "outer");
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.status().message().find("intra, inter"), std::string::npos);
}

TEST(Families, OptionsOfAFamilyAreParsedByIt) {
  const TrainFamily& family = *TrainFamilies().front();
  const auto parsed =
      ParseFamilyOptions(family.train_options, {"--hyper-keep", "0.5", "--rate-only"});
  ASSERT_TRUE(parsed.ok()) << parsed.status().message();
  const auto& options = static_cast<const hyperprior::TrainingOptions&>(**parsed);
  EXPECT_EQ(options.hyper_keep, 0.5);
  EXPECT_TRUE(options.rate_only);
  EXPECT_FALSE(options.free_synthesis);
  EXPECT_FALSE(ParseFamilyOptions(family.train_options, {"--hyper-keeps", "1"}).ok());
  EXPECT_FALSE(ParseFamilyOptions(family.calibrate_options, {"--quantizers", "3"}).ok());
  EXPECT_NE(DescribeFamilyOptions(family, family.train_options).find("--rate-only"),
            std::string::npos);
}

}  // namespace
}  // namespace furl::train
