// The conformance streams: what each covers, and the file it lies in.

#ifndef FURL_TESTS_CONFORMANCE_CASES_H_
#define FURL_TESTS_CONFORMANCE_CASES_H_

namespace furl::test {

struct ConformanceCase {
  const char* name;  // streams/<name>.furl and streams/<name>.hashes
  int width, height, bit_depth, frames;
  int crf;
  bool low_delay;
  int gop_frames;
  int cut_at;  // scene cut, -1 = none
};

inline constexpr ConformanceCase kConformanceCases[] = {
    {"one_frame_16x16", 16, 16, 8, 1, 32, false, 50, -1},
    {"odd_size_17x35", 17, 35, 8, 4, 24, false, 50, -1},
    {"wide_208x16", 208, 16, 8, 9, 30, false, 50, -1},
    {"tall_16x176", 16, 176, 8, 9, 30, false, 50, -1},
    {"hierarchical_128x96", 128, 96, 8, 18, 30, false, 50, -1},
    {"low_delay_96x80", 96, 80, 8, 10, 30, true, 50, -1},
    {"scene_cut_112x64", 112, 64, 8, 14, 34, false, 50, 5},
    {"short_gops_80x64", 80, 64, 8, 13, 30, false, 4, -1},
    {"intra_only_64x64", 64, 64, 8, 3, 28, false, 1, -1},
    {"ten_bit_97x65", 97, 65, 10, 10, 26, false, 50, -1},
    {"ten_bit_low_delay_64x48", 64, 48, 10, 6, 36, true, 50, -1},
    {"best_quality_64x64", 64, 64, 8, 5, 0, false, 50, -1},
    {"high_quality_96x64", 96, 64, 8, 9, 10, false, 50, -1},
    {"low_quality_176x144", 176, 144, 8, 17, 46, false, 50, -1},
    {"worst_quality_160x128", 160, 128, 8, 9, 63, false, 50, -1},
};

}  // namespace furl::test

#endif  // FURL_TESTS_CONFORMANCE_CASES_H_
