// ComparePage: two videos as a page with a wipe slider, a map of their
// differences and a graph of every frame's scores.

#ifndef FURL_REPORT_COMPARE_PAGE_H_
#define FURL_REPORT_COMPARE_PAGE_H_

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/rational.h"
#include "base/status.h"
#include "image/frame.h"
#include "metrics/metric.h"
#include "rd/score_series.h"

namespace furl::report {

struct ComparePageOptions {
  std::string original;  // names to show
  std::string distorted;
  ColorTags color;  // of the frames
  Rational sample_aspect = {1, 1};
  // Bytes of text that embedded pictures may take. At least one pair of
  // pictures is shown, however large.
  int64_t picture_bytes = int64_t{32} << 20;
};

struct ComparePair {
  const Frame& original;
  const Frame& distorted;  // of the same size and depth
  double time = 0;         // seconds
  int64_t original_frame = 0;
  int64_t distorted_frame = 0;
};

// The scores of all frames go into the page, the pictures of every n-th pair and
// of the worst: n is 1 while the pictures fit, and doubles when they don't.
//
//   ComparePage page(options);
//   for each pair: FURL_RETURN_IF_ERROR(page.Add(pair, scores));
//   FURL_RETURN_IF_ERROR(page.Write("page.html", sentences));
class ComparePage {
 public:
  using Scores = std::vector<std::pair<const Metric*, PlaneScores>>;

  explicit ComparePage(ComparePageOptions options) : options_(std::move(options)) {}

  // `scores`: of the same metrics for every pair, in the same order, at least one; the
  // first decides which frame is the worst. InvalidArgument when frames differ in size
  // or depth, from each other or from the first pair, or the number of scores does; then
  // the pair is not on the page.
  Status Add(const ComparePair& pair, const Scores& scores);

  // A metric that is known only at the end, after all pairs: one score per pair.
  void AddSeries(const std::string& title, const std::string& unit, const ScoreSeries& series);

  // Writes the page under a temporary name and renames it. `notices` are shown
  // as they are. InvalidArgument without pairs.
  Status Write(const std::string& path, const std::vector<std::string>& notices) const;

  // Every how many pairs there is a picture so far.
  int64_t picture_step() const { return step_; }
  int64_t pictures() const;

 private:
  struct Pictures {
    std::string original;
    std::string distorted;
    std::string difference;
    int64_t bytes() const;
  };
  struct Curve {
    std::string name;
    std::string title;
    std::string unit;
    ScoreSeries series;
    nlohmann::ordered_json planes;  // [y, u, v] of every frame; null without
  };

  void Start(const Frame& frame, const Scores& scores);
  Result<Pictures> MakePictures(const ComparePair& pair) const;
  void ThinOut();
  nlohmann::ordered_json MetricsJson() const;
  nlohmann::ordered_json PicturesJson() const;

  ComparePageOptions options_;
  int width_ = 0;
  int height_ = 0;
  int bit_depth_ = 0;
  std::vector<double> times_;
  nlohmann::ordered_json numbers_ = nlohmann::ordered_json::array();
  std::vector<Curve> curves_;
  std::map<int64_t, Pictures> kept_;  // by pair
  int64_t kept_bytes_ = 0;
  int64_t step_ = 1;
  int64_t worst_ = -1;
  double worst_score_ = 0;
};

// How far two pictures of one size are apart, at half size: of every 2x2 luma
// samples and their chroma the largest absolute difference, in units of 8 bit
// (10-bit differences divided by 4, rounded up, at most 255). Row after row of
// ceil(width / 2).
std::vector<uint8_t> DifferenceMap(const Frame& original, const Frame& distorted);

}  // namespace furl::report

#endif  // FURL_REPORT_COMPARE_PAGE_H_
