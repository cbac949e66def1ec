#include "analysis/detect/tracker.h"

#include <algorithm>
#include <cmath>

namespace furl::analysis {
namespace {

constexpr double kBlock = 16;
constexpr double kMiddle = 0.7;          // of a box's sides: what is at its edges is background
constexpr double kSameObject = 0.3;      // intersection over union
constexpr double kFastestGrowth = 0.03;  // per frame
constexpr int kGrowthBlocks = 12;        // in the middle, for growth to be seen
constexpr double kLeastSide = 4;

struct Sample {
  double x;  // of the block's centre
  double y;
  Velocity velocity;
};

std::vector<Sample> SamplesIn(const Box& box, const VelocityMap& motion) {
  const double half_x = std::max(box.width() * kMiddle, kBlock) / 2;
  const double half_y = std::max(box.height() * kMiddle, kBlock) / 2;
  const auto block = [](double at, int count) {
    return std::clamp(static_cast<int>(std::floor(at / kBlock)), 0, count - 1);
  };
  std::vector<Sample> samples;
  if (motion.cols() == 0 || motion.rows() == 0) return samples;
  const int last_row = block(box.centre_y() + half_y, motion.rows());
  const int last_col = block(box.centre_x() + half_x, motion.cols());
  for (int row = block(box.centre_y() - half_y, motion.rows()); row <= last_row; ++row) {
    for (int col = block(box.centre_x() - half_x, motion.cols()); col <= last_col; ++col) {
      if (!motion.Known(col, row)) continue;
      samples.push_back({(col + 0.5) * kBlock, (row + 0.5) * kBlock, motion.At(col, row)});
    }
  }
  return samples;
}

template <typename Value>
double Median(std::vector<Sample>* samples, const Value& value) {
  const auto middle = samples->begin() + static_cast<ptrdiff_t>(samples->size() / 2);
  std::nth_element(samples->begin(), middle, samples->end(),
                   [&](const Sample& a, const Sample& b) { return value(a) < value(b); });
  return value(*middle);
}

// How much faster things move per sample from left to right and from top to bottom, on average.
double GrowthOf(const std::vector<Sample>& samples) {
  if (samples.size() < kGrowthBlocks) return 0;
  double x = 0;
  double y = 0;
  for (const Sample& s : samples) {
    x += s.x / static_cast<double>(samples.size());
    y += s.y / static_cast<double>(samples.size());
  }
  double products = 0;
  double squares = 0;
  for (const Sample& s : samples) {
    products += (s.x - x) * s.velocity.x + (s.y - y) * s.velocity.y;
    squares += (s.x - x) * (s.x - x) + (s.y - y) * (s.y - y);
  }
  return squares > 0 ? std::clamp(products / squares, -kFastestGrowth, kFastestGrowth) : 0;
}

// Pairs of a track and a detection of its group, the most alike first, each in one pair at most.
void Match(const std::vector<Detection>& detections, std::vector<Track>* tracks,
           std::vector<bool>* used) {
  struct Pair {
    double shared;
    size_t track;
    size_t detection;
  };
  std::vector<Pair> pairs;
  for (size_t t = 0; t < tracks->size(); ++t) {
    for (size_t d = 0; d < detections.size(); ++d) {
      if (detections[d].group != (*tracks)[t].group) continue;
      const double shared = (*tracks)[t].box.IntersectionOverUnion(detections[d].box);
      if (shared >= kSameObject) pairs.push_back({shared, t, d});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& a, const Pair& b) { return a.shared > b.shared; });
  std::vector<bool> found(tracks->size());
  for (const Pair& pair : pairs) {
    if (found[pair.track] || (*used)[pair.detection]) continue;
    found[pair.track] = true;
    (*used)[pair.detection] = true;
    Track& track = (*tracks)[pair.track];
    track.box = detections[pair.detection].box;
    track.score = detections[pair.detection].score;
    track.missed = 0;
  }
  for (size_t t = 0; t < tracks->size(); ++t) {
    if (!found[t]) ++(*tracks)[t].missed;
  }
}

}  // namespace

Box MovedBox(const Box& box, const VelocityMap& motion) {
  std::vector<Sample> samples = SamplesIn(box, motion);
  if (samples.empty()) return box;
  const double x = Median(&samples, [](const Sample& s) { return s.velocity.x; });
  const double y = Median(&samples, [](const Sample& s) { return s.velocity.y; });
  const double grow = 1 + GrowthOf(samples);
  const double half_x = box.width() / 2 * grow;
  const double half_y = box.height() / 2 * grow;
  const double centre_x = box.centre_x() + x;
  const double centre_y = box.centre_y() + y;
  return {centre_x - half_x, centre_y - half_y, centre_x + half_x, centre_y + half_y};
}

void Tracker::Move(const VelocityMap& motion) {
  for (Track& track : tracks_) track.box = MovedBox(track.box, motion).Overlap(picture_);
  std::erase_if(tracks_, [](const Track& track) {
    return track.box.width() < kLeastSide || track.box.height() < kLeastSide;
  });
}

void Tracker::Update(const std::vector<Detection>& detections) {
  std::vector<Detection> usable;
  std::copy_if(detections.begin(), detections.end(), std::back_inserter(usable),
               [&](const Detection& d) { return d.score >= settings_.keep; });
  std::vector<bool> used(usable.size());
  Match(usable, &tracks_, &used);
  std::erase_if(tracks_, [&](const Track& track) { return track.missed > settings_.most_missed; });
  for (size_t d = 0; d < usable.size(); ++d) {
    if (used[d] || usable[d].score < settings_.enter) continue;
    tracks_.push_back({next_id_++, usable[d].group, usable[d].score, usable[d].box, 0});
  }
}

}  // namespace furl::analysis
