// The conformance streams: what each covers, the file it lies in, and the model that it needs.
// Nearly all use the tiny model of tests/support, so that training leaves them alone; a few keep
// an eye on the networks that people decode with.

#ifndef FURL_TESTS_CONFORMANCE_CASES_H_
#define FURL_TESTS_CONFORMANCE_CASES_H_

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/families/decoders.h"
#include "model/default_model.h"
#include "model/model_file.h"
#include "support/family_models.h"

namespace furl::test {

// What the names of streams start with that need the default model,
inline constexpr std::string_view kDefaultPrefix = "default_";
// or one that lies in `models`: shipped_NAME_...
inline constexpr std::string_view kShippedPrefix = "shipped_";
inline constexpr const char* kShippedModels[] = {"vae-m", "vq-m", "squeeze-t", "sense-m"};

// The part of a stream's name that says what model it needs.
inline std::string_view ModelPartOf(std::string_view name) {
  if (name.starts_with(kDefaultPrefix)) return kDefaultPrefix;
  if (name.starts_with(kShippedPrefix))
    return name.substr(0, name.find('_', kShippedPrefix.size()));
  return kFamilyModels[FamilyModelOf(name)].prefix;
}

// kUnsupported where it is the default model and the build has none.
inline Result<model::ModelPtr> MakeModelOf(std::string_view name) {
  if (name.starts_with(kDefaultPrefix)) return model::DefaultModel();
  if (!name.starts_with(kShippedPrefix)) return kFamilyModels[FamilyModelOf(name)].make();
  const std::string file(ModelPartOf(name).substr(kShippedPrefix.size()));
  return model::LoadModel(FURL_SOURCE_DIR "/models/" + file + ".furlmodel");
}

// The model of a stream with that name, prepared once for all.
inline Result<FamilyPtr> FamilyOf(std::string_view name) {
  static std::map<std::string, Result<FamilyPtr>, std::less<>> families;
  const std::string_view part = ModelPartOf(name);
  const auto known = families.find(part);
  if (known != families.end()) return known->second;
  const Result<model::ModelPtr> model = MakeModelOf(name);
  Result<FamilyPtr> family = model.ok() ? CreateFamily(*model) : Result<FamilyPtr>(model.status());
  return families.emplace(part, std::move(family)).first->second;
}

enum class Content { kMoving, kPages };  // MakeVideo, MakePages of support/test_video.h

enum class Added { kPictures, kFilter, kEither };  // kEither: GOPs of both kinds in turn

// What lies below a stream that adds to a base; no width: it stands alone.
struct ConformanceBase {
  int width = 0, height = 0, bit_depth = 8;
  Added added = Added::kPictures;

  explicit operator bool() const { return width > 0; }
};

struct ConformanceCase {
  const char* name;  // streams/<name>.furl and .hashes, .yuv: the pictures of the base
  int width, height, bit_depth, frames;
  int crf;
  bool low_delay;
  int gop_frames;
  int cut_at;  // scene cut, -1 = none
  Content content = Content::kMoving;
  ConformanceBase base = {};
};

using enum Content;
using enum Added;

inline constexpr ConformanceCase kConformanceCases[] = {
    // Sizes: the smallest, odd ones, one side at the limit of a block or tile.
    {"one_frame_16x16", 16, 16, 8, 1, 40, false, 50, -1},
    {"tiny_gop_16x16", 16, 16, 8, 9, 38, false, 50, -1},
    {"odd_size_17x35", 17, 35, 8, 4, 35, false, 50, -1},
    {"odd_size_63x65", 63, 65, 8, 10, 39, false, 50, -1},
    {"odd_low_delay_129x31", 129, 31, 8, 6, 42, true, 50, -1},
    {"wide_208x16", 208, 16, 8, 9, 39, false, 50, -1},
    {"tall_16x176", 16, 176, 8, 9, 39, false, 50, -1},
    {"one_frame_320x240", 320, 240, 8, 1, 39, false, 50, -1},
    // Frame types and structure.
    {"two_frames_48x48", 48, 48, 8, 2, 39, false, 50, -1},
    {"hierarchical_128x96", 128, 96, 8, 18, 39, false, 50, -1},
    {"long_gop_64x48", 64, 48, 8, 70, 43, false, 70, -1},
    {"low_delay_96x80", 96, 80, 8, 10, 39, true, 50, -1},
    {"low_delay_long_48x32", 48, 32, 8, 40, 44, true, 40, -1},
    {"scene_cut_112x64", 112, 64, 8, 14, 42, false, 50, 5},
    {"scene_cut_low_delay_64x64", 64, 64, 8, 10, 39, true, 50, 4},
    {"scene_cut_at_once_80x48", 80, 48, 8, 6, 39, false, 50, 1},
    {"short_gops_80x64", 80, 64, 8, 13, 39, false, 4, -1},
    {"intra_only_64x64", 64, 64, 8, 3, 38, false, 1, -1},
    {"intra_only_best_51x37", 51, 37, 8, 2, 0, false, 1, -1},
    // 10 bit.
    {"ten_bit_97x65", 97, 65, 10, 10, 36, false, 50, -1},
    {"ten_bit_low_delay_64x48", 64, 48, 10, 6, 43, true, 50, -1},
    {"ten_bit_intra_33x49", 33, 49, 10, 2, 32, false, 1, -1},
    {"ten_bit_best_48x48", 48, 48, 10, 4, 0, false, 50, -1},
    {"ten_bit_worst_112x80", 112, 80, 10, 9, 63, false, 50, -1},
    // Quality levels.
    {"best_quality_64x64", 64, 64, 8, 5, 0, false, 50, -1},
    {"best_low_delay_48x64", 48, 64, 8, 5, 0, true, 50, -1},
    {"high_quality_96x64", 96, 64, 8, 9, 25, false, 50, -1},
    {"good_quality_176x144", 176, 144, 8, 5, 30, false, 50, -1},
    {"low_quality_176x144", 176, 144, 8, 17, 50, false, 50, -1},
    {"poor_quality_128x112", 128, 112, 8, 9, 56, false, 50, -1},
    {"worst_quality_160x128", 160, 128, 8, 9, 63, false, 50, -1},
    {"worst_low_delay_128x128", 128, 128, 8, 6, 63, true, 50, -1},
    // Sample blocks, weighted references.
    {"pages_96x80", 96, 80, 8, 9, 40, false, 50, -1, kPages},
    {"pages_odd_67x49", 67, 49, 8, 5, 20, false, 50, -1, kPages},
    {"ten_bit_pages_64x64", 64, 64, 10, 6, 30, true, 50, -1, kPages},
    // The squeeze family: sizes, structures, depths, qualities, sample blocks.
    {"squeeze_one_frame_16x16", 16, 16, 8, 1, 40, false, 50, -1},
    {"squeeze_odd_size_67x35", 67, 35, 8, 9, 36, false, 50, -1},
    {"squeeze_hierarchical_128x96", 128, 96, 8, 17, 40, false, 50, -1},
    {"squeeze_low_delay_96x64", 96, 64, 8, 6, 42, true, 50, -1},
    {"squeeze_short_gops_64x48", 64, 48, 8, 9, 38, false, 4, -1},
    {"squeeze_best_48x64", 48, 64, 8, 3, 0, false, 50, -1},
    {"squeeze_worst_160x128", 160, 128, 8, 9, 63, false, 50, -1},
    {"squeeze_ten_bit_97x65", 97, 65, 10, 9, 30, false, 50, -1},
    {"squeeze_pages_96x80", 96, 80, 8, 5, 40, false, 50, -1, kPages},
    // The sense family: sizes, GOPs, depths, qualities; no frame of it is reordered.
    {"sense_one_frame_16x16", 16, 16, 8, 1, 40, false, 50, -1},
    {"sense_odd_size_67x35", 67, 35, 8, 9, 36, false, 50, -1},
    {"sense_short_gops_64x48", 64, 48, 8, 9, 44, false, 4, -1},
    {"sense_best_48x64", 48, 64, 8, 3, 0, false, 50, -1},
    {"sense_worst_160x128", 160, 128, 8, 24, 63, false, 50, -1},
    {"sense_ten_bit_97x65", 97, 65, 10, 6, 30, false, 50, -1},
    // The vq family: sizes, structures, depths, qualities, sample blocks.
    {"vq_one_frame_16x16", 16, 16, 8, 1, 40, false, 50, -1},
    {"vq_odd_size_67x35", 67, 35, 8, 9, 36, false, 50, -1},
    {"vq_hierarchical_128x96", 128, 96, 8, 17, 40, false, 50, -1},
    {"vq_low_delay_96x64", 96, 64, 8, 6, 42, true, 50, -1},
    {"vq_short_gops_64x48", 64, 48, 8, 9, 44, false, 4, -1},
    {"vq_best_48x64", 48, 64, 8, 3, 0, false, 50, -1},
    {"vq_worst_160x128", 160, 128, 8, 9, 63, false, 50, -1},
    {"vq_ten_bit_97x65", 97, 65, 10, 9, 30, false, 50, -1},
    {"vq_pages_96x80", 96, 80, 8, 5, 40, false, 50, -1, kPages},
    // Above a base: parts of its size, pictures and filters, depths alike and not, families. GOPs
    // begin where the base's do.
    {"hybrid_half_96x64", 96, 64, 8, 17, 32, false, 16, -1, kMoving, {48, 32}},
    {"hybrid_two_thirds_97x65", 97, 65, 8, 9, 24, false, 8, -1, kMoving, {65, 43}},
    {"hybrid_quarter_odd_67x49", 67, 49, 8, 5, 30, false, 50, -1, kMoving, {17, 13}},
    {"hybrid_low_delay_64x48", 64, 48, 8, 6, 42, true, 4, -1, kMoving, {32, 24}},
    {"hybrid_filter_81x47", 81, 47, 8, 11, 40, false, 4, -1, kMoving, {81, 47, 8, kFilter}},
    {"hybrid_filter_half_96x64", 96, 64, 8, 5, 44, false, 4, -1, kMoving, {48, 32, 8, kFilter}},
    {"hybrid_either_80x48", 80, 48, 8, 20, 30, false, 5, -1, kMoving, {80, 48, 8, kEither}},
    {"hybrid_ten_bit_64x48", 64, 48, 10, 9, 34, false, 8, -1, kMoving, {32, 24, 10}},
    {"hybrid_ten_on_eight_65x49", 65, 49, 10, 9, 28, false, 4, -1, kMoving, {65, 49, 8, kEither}},
    {"squeeze_hybrid_64x48", 64, 48, 8, 9, 40, false, 8, -1, kMoving, {32, 24}},
    {"vq_hybrid_64x48", 64, 48, 8, 9, 44, false, 8, -1, kMoving, {32, 24}},
    // The default model: intra, both structures, both depths.
    {"default_one_frame_48x64", 48, 64, 8, 1, 39, false, 50, -1},
    {"default_hierarchical_97x65", 97, 65, 8, 9, 40, false, 50, -1},
    {"default_ten_bit_low_delay_64x48", 64, 48, 10, 5, 36, true, 50, -1},
};

}  // namespace furl::test

#endif  // FURL_TESTS_CONFORMANCE_CASES_H_
