#include "watch/zones.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/file.h"
#include "model/foreign_json.h"

namespace furl::watch {
namespace {

Result<Zones> Parse(const std::string& text) {
  FURL_ASSIGN_OR_RETURN(const nlohmann::json json, model::ParseForeignJson(text));
  return ParseZones(json);
}

std::string ErrorOf(const std::string& text) {
  const auto zones = Parse(text);
  if (zones.ok()) return "";
  EXPECT_EQ(zones.status().code(), StatusCode::kInvalidStream);
  return zones.status().message();
}

std::string ZoneText(const std::string& members) { return R"({"zones": [{)" + members + "}]}"; }

constexpr char kSquare[] = R"("polygon": [[0, 0], [0.5, 0], [0.5, 0.5], [0, 0.5]])";

TEST(Zones, AreReadAsTheyAreWritten) {
  const auto zones = Parse(R"({
    "zones": [
      {"name": "drive", "for": "motion", "polygon": [[0.1, 0.4], [0.9, 0.4], [0.9, 1]]},
      {"name": "window", "for": "mask", "polygon": [[0, 0], [0.2, 0], [0.2, 0.3], [0, 0.3]]},
      {"name": "tree", "for": "ignore", "polygon": [[0, 0], [1, 0], [0, 1]]}],
    "lines": [
      {"name": "gate", "line": [0.2, 0.5, 0.2, 0.9], "direction": "right"},
      {"name": "path", "line": [0, 0, 1, 1]}]})");
  ASSERT_TRUE(zones.ok()) << zones.status().message();
  ASSERT_EQ(zones->zones.size(), 3u);
  EXPECT_EQ(zones->zones[0].name, "drive");
  EXPECT_EQ(zones->zones[0].polygon[1], (Point{0.9, 0.4}));
  EXPECT_EQ(zones->zones[1].use, ZoneUse::kMask);
  EXPECT_EQ(zones->zones[2].use, ZoneUse::kIgnore);
  ASSERT_EQ(zones->lines.size(), 2u);
  EXPECT_FALSE(zones->lines[0].to_left);
  EXPECT_TRUE(zones->lines[1].to_left && zones->lines[1].to_right);
  EXPECT_TRUE(zones->Has(ZoneUse::kMask));
  EXPECT_FALSE(Parse("{}")->Has(ZoneUse::kMotion));
}

TEST(Zones, ErrorsSayWhereAndWhy) {
  EXPECT_EQ(ErrorOf("[]"), "is no object ({...})");
  EXPECT_EQ(ErrorOf(R"({"zone": []})"), "zone: is not known here; there are zones, lines");
  EXPECT_EQ(ErrorOf(R"({"zones": 1})"), "zones: is no list ([...])");
  EXPECT_EQ(ErrorOf(ZoneText(R"("for": "mask")")), "zones[0].name: is missing");
  EXPECT_EQ(ErrorOf(ZoneText(R"("name": "a", "for": "masks")")),
            "zones[0].for: \"masks\" is none of motion, ignore, mask");
  EXPECT_EQ(ErrorOf(ZoneText(R"("name": "a", "for": "mask", "polygon": [[0, 0], [1, 1]])")),
            "zones[0].polygon: has fewer than 3 points");
  EXPECT_EQ(
      ErrorOf(ZoneText(R"("name": "a", "for": "mask", "polygon": [[0, 0], [1.5, 1], [0, 1]])")),
      "zones[0].polygon[1]: 1.5 is out of 0.0 to 1.0");
  EXPECT_EQ(ErrorOf(ZoneText(R"("name": "a", "for": "mask", "polygon": [[0, 0], [1, 1], [0, 0]])")),
            "zones[0].polygon: has no area");
  EXPECT_EQ(ErrorOf(ZoneText(R"("name": "a\u001b", "for": "mask")")),
            "zones[0].name: has control characters");
  const std::string zone = std::string(R"({"name": "a", "for": "mask", )") + kSquare + "}";
  EXPECT_EQ(ErrorOf(R"({"zones": [)" + zone + ", " + zone + "]}"), "zones: \"a\" is there twice");
  EXPECT_EQ(ErrorOf(R"({"lines": [{"name": "a", "line": [0, 0, 0, 0]}]})"),
            "lines[0].line: has no length");
  EXPECT_EQ(ErrorOf(R"({"lines": [{"name": "a", "line": [0, 0, 1]}]})"),
            "lines[0].line: is no list of 4 numbers");
  EXPECT_EQ(ErrorOf(R"({"lines": [{"name": "a", "line": [0, 0, 1, 1], "direction": "up"}]})"),
            "lines[0].direction: \"up\" is none of both, left, right");
}

TEST(Zones, CountsHaveLimits) {
  std::string points = "[0, 0]";
  for (size_t i = 0; i < kMostPoints; ++i) points += ", [0.5, 1]";
  EXPECT_EQ(ErrorOf(ZoneText(R"("name": "a", "for": "mask", "polygon": [)" + points + "]")),
            "zones[0].polygon: has 257 elements; at most 256 are taken");
  std::string zones = "1";
  for (size_t i = 0; i < kMostZones; ++i) zones += ", 1";
  EXPECT_EQ(ErrorOf(R"({"zones": [)" + zones + "]}"),
            "zones: has 65 elements; at most 64 are taken");
  EXPECT_EQ(ErrorOf(ZoneText(R"("name": ")" + std::string(65, 'a') + "\"")),
            "zones[0].name: is longer than 64 bytes");
}

TEST(Zones, FilesAreNamedInErrors) {
  const std::string path = testing::TempDir() + "/zones_test.json";
  const std::string text = "{\"zones\": [\n  {\"name\" \"a\"}]}";
  ASSERT_TRUE(WriteFile(path, {reinterpret_cast<const uint8_t*>(text.data()), text.size()}).ok());
  EXPECT_EQ(ReadZones(path).status().message(), path + " is not JSON (line 2, column 13)");
  EXPECT_EQ(ReadZones(path + "x").status().code(), StatusCode::kIo);
}

TEST(Zones, MasksTakeWhatTheyTouchOthersTheirMiddle) {
  const auto zones = Parse(R"({"zones": [
    {"name": "a", "for": "mask", "polygon": [[0, 0], [0.3, 0], [0.3, 1], [0, 1]]},
    {"name": "b", "for": "motion", "polygon": [[0, 0], [0.3, 0], [0.3, 1], [0, 1]]},
    {"name": "c", "for": "motion", "polygon": [[0.8, 0], [1, 0], [1, 1], [0.8, 1]]}]})");
  const Lattice lattice = Lattice::OfBlocks(40, 10, 10);
  EXPECT_EQ(zones->CellsFor(ZoneUse::kMask, lattice), (Cells{1, 1, 0, 0}));
  EXPECT_EQ(zones->CellsFor(ZoneUse::kMotion, lattice), (Cells{1, 0, 0, 1}));
  EXPECT_EQ(zones->CellsFor(ZoneUse::kIgnore, lattice), (Cells{0, 0, 0, 0}));
}

TEST(Line, KnowsWhichWayItIsCrossed) {
  // From bottom to top: who looks along it has smaller x on the left.
  const Line line = {"gate", {0.5, 0.9}, {0.5, 0.1}};
  EXPECT_EQ(line.CrossedBy({0.4, 0.5}, {0.6, 0.5}), Crossing::kToRight);
  EXPECT_EQ(line.CrossedBy({0.6, 0.5}, {0.4, 0.6}), Crossing::kToLeft);
  EXPECT_EQ(line.CrossedBy({0.4, 0.5}, {0.45, 0.5}), Crossing::kNone);
  EXPECT_EQ(line.CrossedBy({0.4, 0.95}, {0.6, 0.95}), Crossing::kNone) << "past its end";
  Line one_way = line;
  one_way.to_left = false;
  EXPECT_EQ(one_way.CrossedBy({0.6, 0.5}, {0.4, 0.5}), Crossing::kNone);
  EXPECT_EQ(one_way.CrossedBy({0.4, 0.5}, {0.6, 0.5}), Crossing::kToRight);
}

// However fine the steps are, and also where one ends on the line.
TEST(Line, IsCrossedOnce) {
  const Line line = {"gate", {0.5, 0}, {0.5, 1}};
  int crossed = 0;
  for (int i = 0; i < 8; ++i) {
    crossed += line.CrossedBy({i / 8.0, 0.5}, {(i + 1) / 8.0, 0.5}) != Crossing::kNone;
  }
  EXPECT_EQ(crossed, 1);
}

}  // namespace
}  // namespace furl::watch
