#include "report/compare_page.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "media/output_file.h"
#include "report/frame_image.h"
#include "report/page.h"
#include "report/rounding.h"

namespace furl::report {
namespace {

using nlohmann::ordered_json;

// Transfer characteristics of H.273 that screens show too dark or too flat.
bool IsHdr(const ColorTags& color) { return color.transfer == 16 || color.transfer == 18; }

int LargestDifference(ConstPlane a, ConstPlane b, int x0, int y0, int size) {
  int largest = 0;
  for (int y = y0; y < std::min(y0 + size, a.height); ++y) {
    for (int x = x0; x < std::min(x0 + size, a.width); ++x) {
      largest = std::max(largest, std::abs(int{a.row(y)[x]} - int{b.row(y)[x]}));
    }
  }
  return largest;
}

double Rounded(double value) { return RoundTo(value, 1e5); }

std::string NameOf(const std::string& path) { return std::filesystem::path(path).filename(); }

}  // namespace

std::vector<uint8_t> DifferenceMap(const Frame& original, const Frame& distorted) {
  const int width = PlaneWidth(original.width(), 1);
  const int height = PlaneHeight(original.height(), 1);
  const int unit = 1 << (original.bit_depth() - 8);
  std::vector<uint8_t> map(static_cast<size_t>(width) * static_cast<size_t>(height));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      int largest = LargestDifference(original.plane(0), distorted.plane(0), 2 * x, 2 * y, 2);
      for (int p = 1; p < 3; ++p) {
        largest =
            std::max(largest, LargestDifference(original.plane(p), distorted.plane(p), x, y, 1));
      }
      map[static_cast<size_t>(y) * width + x] =
          static_cast<uint8_t>(std::min((largest + unit - 1) / unit, 255));
    }
  }
  return map;
}

int64_t ComparePage::Pictures::bytes() const {
  return static_cast<int64_t>(original.size() + distorted.size() + difference.size());
}

int64_t ComparePage::pictures() const { return static_cast<int64_t>(kept_.size()); }

// The first pair decides size, depth and metrics of the page.
void ComparePage::Start(const Frame& frame, const Scores& scores) {
  width_ = frame.width();
  height_ = frame.height();
  bit_depth_ = frame.bit_depth();
  curves_.clear();  // of a first pair that was refused
  for (const auto& [metric, s] : scores) {
    curves_.push_back({std::string(metric->name),
                       std::string(metric->title),
                       std::string(metric->unit),
                       {},
                       ordered_json::array()});
  }
}

Status ComparePage::Add(const ComparePair& pair, const Scores& scores) {
  const auto number = static_cast<int64_t>(times_.size());
  if (number == 0) Start(pair.original, scores);
  for (const Frame* frame : {&pair.original, &pair.distorted}) {
    if (frame->width() != width_ || frame->height() != height_ ||
        frame->bit_depth() != bit_depth_) {
      return InvalidArgument("frames of a page differ in size or depth");
    }
  }
  if (scores.empty() || scores.size() != curves_.size()) {
    return InvalidArgument("pairs of a page have the scores of the same metrics");
  }
  times_.push_back(pair.time);
  numbers_.push_back({pair.original_frame, pair.distorted_frame});
  for (size_t i = 0; i < scores.size(); ++i) {
    const PlaneScores& s = scores[i].second;
    curves_[i].series.Add(pair.time, s.yuv);
    curves_[i].planes.push_back({Rounded(s.y), Rounded(s.u), Rounded(s.v)});
  }
  const double score = scores.front().second.yuv;
  const bool worst = worst_ < 0 || score < worst_score_;
  if (!worst && number % step_ != 0) return OkStatus();
  FURL_ASSIGN_OR_RETURN(Pictures pictures, MakePictures(pair));
  kept_bytes_ += pictures.bytes();
  kept_[number] = std::move(pictures);
  if (worst) {
    worst_ = number;
    worst_score_ = score;
  }
  ThinOut();
  return OkStatus();
}

// Drops what is neither on the grid of step_ nor the worst, and widens the grid
// until the rest fits.
void ComparePage::ThinOut() {
  for (bool widened = true; widened;) {
    for (auto it = kept_.begin(); it != kept_.end();) {
      const bool drop = it->first % step_ != 0 && it->first != worst_;
      if (drop) kept_bytes_ -= it->second.bytes();
      it = drop ? kept_.erase(it) : std::next(it);
    }
    widened = kept_bytes_ > options_.picture_bytes && kept_.size() > 2;
    if (widened) step_ *= 2;
  }
  // Two that don't fit, one of them the worst, which tells more.
  if (kept_.size() == 2 && kept_bytes_ > options_.picture_bytes) {
    const auto other = kept_.begin()->first == worst_ ? std::next(kept_.begin()) : kept_.begin();
    kept_bytes_ -= other->second.bytes();
    kept_.erase(other);
    step_ *= 2;
  }
}

Result<ComparePage::Pictures> ComparePage::MakePictures(const ComparePair& pair) const {
  Pictures pictures;
  FURL_ASSIGN_OR_RETURN(pictures.original, JpegUri(pair.original, options_.color));
  FURL_ASSIGN_OR_RETURN(pictures.distorted, JpegUri(pair.distorted, options_.color));
  FURL_ASSIGN_OR_RETURN(pictures.difference,
                        GrayPngUri(DifferenceMap(pair.original, pair.distorted),
                                   PlaneWidth(width_, 1), PlaneHeight(height_, 1)));
  return pictures;
}

void ComparePage::AddSeries(const std::string& title, const std::string& unit,
                            const ScoreSeries& series) {
  curves_.push_back({title, title, unit, series, nullptr});
}

ordered_json ComparePage::MetricsJson() const {
  ordered_json metrics = ordered_json::array();
  for (const Curve& curve : curves_) {
    const ScoreSummary summary = curve.series.Summarize();
    ordered_json scores = ordered_json::array();
    for (const FrameScore& point : curve.series.points()) scores.push_back(Rounded(point.score));
    metrics.push_back({{"name", curve.name},
                       {"title", curve.title},
                       {"unit", curve.unit},
                       {"mean", Rounded(summary.mean)},
                       {"low", Rounded(summary.low)},
                       {"low_frames", summary.low_frames},
                       {"worst", summary.worst.frame},
                       {"scores", std::move(scores)},
                       {"planes", curve.planes}});
  }
  return metrics;
}

ordered_json ComparePage::PicturesJson() const {
  ordered_json pictures = ordered_json::array();
  for (const auto& [number, p] : kept_) {
    pictures.push_back({{"pair", number},
                        {"original", p.original},
                        {"distorted", p.distorted},
                        {"difference", p.difference}});
  }
  return pictures;
}

Status ComparePage::Write(const std::string& path, const std::vector<std::string>& notices) const {
  if (times_.empty()) return InvalidArgument("there are no frames for a page");
  ordered_json data;
  data["original"] = options_.original;
  data["distorted"] = options_.distorted;
  data["width"] = width_;
  data["height"] = height_;
  data["bit_depth"] = bit_depth_;
  const Rational aspect = options_.sample_aspect;
  data["sample_aspect"] =
      aspect.num > 0 && aspect.den > 0 ? static_cast<double>(aspect.num) / aspect.den : 1.0;
  data["notices"] = notices;
  if (IsHdr(options_.color)) {
    data["notices"].push_back("The videos are HDR; the pictures are shown without tone mapping.");
  }
  data["step"] = step_;
  data["picture_bytes"] = kept_bytes_;
  data["picture_limit"] = options_.picture_bytes;
  data["times"] = times_;
  data["numbers"] = numbers_;
  data["metrics"] = MetricsJson();
  data["pictures"] = PicturesJson();
  const std::string page =
      BuildPage(PageKind::kCompare,
                NameOf(options_.distorted) + " beside " + NameOf(options_.original), data);
  return media::WriteOutput(path, page, /*overwrite=*/true);
}

}  // namespace furl::report
