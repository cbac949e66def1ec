#include "cli/models_text.h"

#include <gtest/gtest.h>

#include <sstream>

#include "codec/families/decoders.h"

namespace furl::cli {
namespace {

size_t LongestLine(const std::string& text) {
  std::istringstream lines(text);
  size_t longest = 0;
  for (std::string line; std::getline(lines, line);) longest = std::max(longest, line.size());
  return longest;
}

ListedModel Listed(const std::string& family, bool is_default) {
  ListedModel model;
  model.path = "(built in)";
  model.id = std::string(32, 'a');
  model.name = family + "-m";
  model.family = family;
  model.bytes = 294136;
  model.macs_per_pixel = 815;
  model.is_default = is_default;
  return model;
}

TEST(ModelsText, FoldsWordsBelowTheLabel) {
  const std::string words = std::string(30, 'a') + " " + std::string(30, 'b') + "  " +
                            std::string(20, 'c') + "\n" + std::string(90, 'd') + " e";
  EXPECT_EQ(Folded(words, "  ab", 6), "  ab  " + std::string(30, 'a') + " " + std::string(30, 'b') +
                                          "\n      " + std::string(20, 'c') + "\n      " +
                                          std::string(90, 'd') + "\n      e\n");
  EXPECT_EQ(Folded("x", "longer", 3), "longerx\n");
  EXPECT_EQ(Folded("", "", 2), "  \n");
  std::string wide;
  for (int i = 0; i < 78; ++i) wide += "é";
  EXPECT_EQ(Folded(wide + " e", "", 0), wide + " e\n") << "columns are not bytes";
}

TEST(ModelsText, ModelsFitIntoEightyColumns) {
  ListedModel model = Listed("squeeze", true);
  EXPECT_EQ(ModelText(model),
            "* squeeze-m                squeeze     294.1 kB   0.8 kMAC/pixel\n"
            "    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa  (built in)\n");
  model.trained_for = std::string(180, 'x').replace(60, 1, " ").replace(120, 1, " ");
  EXPECT_LE(LongestLine(ModelText(model)), 80u);
  EXPECT_NE(ModelText(model).find("\n    trained for xxx"), std::string::npos);
  model.macs_per_pixel.reset();
  EXPECT_NE(ModelText(model).find("  unknown\n"), std::string::npos);
}

TEST(ModelsText, EveryFamilySaysWhenToTakeItAndWhenNot) {
  for (const FamilyDecoderRow& row : AllFamilies()) {
    const std::string take = row.advice.take;
    const std::string leave = row.advice.leave;
    EXPECT_EQ(take.find("Take it "), 0u) << row.name;
    EXPECT_EQ(leave.find("Not "), 0u) << row.name;
    for (const std::string& sentence : {take, leave}) {
      EXPECT_EQ(sentence.find(". "), std::string::npos) << row.name << " needs one sentence";
      EXPECT_EQ(sentence.back(), '.') << row.name;
    }
    const std::string text = FamilyText(row, {Listed(row.name, false)});
    EXPECT_EQ(text.find(std::string("  ") + row.name + " "), 0u) << text;
    EXPECT_LE(LongestLine(text), 80u) << text;
    EXPECT_EQ(text.find("No model"), std::string::npos);
    EXPECT_NE(FamilyText(row, {Listed("nobody's", false)}).find("No model is"), std::string::npos);
  }
}

TEST(ModelsText, TheDefaultFamilyComesFirstAndThoseWithoutModelsLast) {
  const std::span<const FamilyDecoderRow> rows = AllFamilies();
  ASSERT_GE(rows.size(), 3u);
  const std::string last = rows.back().name;
  const std::string middle = rows[rows.size() - 2].name;
  const auto families = FamiliesInOrder({Listed(middle, false), Listed(last, true)});
  ASSERT_EQ(families.size(), rows.size());
  EXPECT_EQ(families[0].name, last);
  EXPECT_EQ(families[1].name, middle);
  EXPECT_EQ(families[2].name, std::string(rows[0].name));
}

}  // namespace
}  // namespace furl::cli
