#include "train/detect/average_precision.h"

#include <algorithm>
#include <limits>

namespace furl::train {
namespace {

using analysis::Detection;
using analysis::ObjectGroup;

struct Ranked {
  double score;
  bool right;
};

// The object of the group that shares most with the box; null: none shares `overlap`.
template <typename Usable>
const LabelledObject* BestObject(const ScoredFrame& frame, const Detection& found, double overlap,
                                 const Usable& usable) {
  const LabelledObject* best = nullptr;
  for (const LabelledObject& object : frame.objects) {
    if (object.group != found.group || !usable(object)) continue;
    const double shared = object.box.IntersectionOverUnion(found.box);
    if (shared < overlap) continue;
    overlap = shared;
    best = &object;
  }
  return best;
}

void RankFrame(const ScoredFrame& frame, ObjectGroup group, double overlap,
               std::vector<Ranked>* ranked) {
  std::vector<Detection> found;
  std::copy_if(frame.found.begin(), frame.found.end(), std::back_inserter(found),
               [&](const Detection& d) { return d.group == group; });
  std::stable_sort(found.begin(), found.end(),
                   [](const Detection& a, const Detection& b) { return a.score > b.score; });
  std::vector<const LabelledObject*> taken;
  for (const Detection& detection : found) {
    const LabelledObject* object =
        BestObject(frame, detection, overlap, [&](const LabelledObject& o) {
          return !o.doubtful && std::find(taken.begin(), taken.end(), &o) == taken.end();
        });
    if (object != nullptr) taken.push_back(object);
    const bool doubtful = object == nullptr &&
                          BestObject(frame, detection, overlap,
                                     [](const LabelledObject& o) { return o.doubtful; }) != nullptr;
    if (!doubtful) ranked->push_back({detection.score, object != nullptr});
  }
}

}  // namespace

double AveragePrecision(const std::vector<ScoredFrame>& frames, ObjectGroup group, double overlap) {
  std::vector<Ranked> ranked;
  double objects = 0;
  for (const ScoredFrame& frame : frames) {
    RankFrame(frame, group, overlap, &ranked);
    objects += static_cast<double>(
        std::count_if(frame.objects.begin(), frame.objects.end(),
                      [&](const LabelledObject& o) { return o.group == group && !o.doubtful; }));
  }
  if (objects == 0) return std::numeric_limits<double>::quiet_NaN();
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const Ranked& a, const Ranked& b) { return a.score > b.score; });
  std::vector<double> precisions;  // at each right one
  double right = 0;
  for (size_t i = 0; i < ranked.size(); ++i) {
    if (ranked[i].right) precisions.push_back(++right / static_cast<double>(i + 1));
  }
  double sum = 0;
  double best = 0;
  for (auto p = precisions.rbegin(); p != precisions.rend(); ++p) sum += best = std::max(best, *p);
  return sum / objects;
}

}  // namespace furl::train
