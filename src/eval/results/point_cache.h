// PointCache: measured points on disk, so that an interrupted evaluation goes on
// where it stopped and a second one is instant.

#ifndef FURL_EVAL_RESULTS_POINT_CACHE_H_
#define FURL_EVAL_RESULTS_POINT_CACHE_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/status.h"
#include "eval/clip.h"
#include "eval/codecs/codec.h"
#include "eval/measure.h"

namespace furl::eval {

// Everything a measurement depends on but its metrics: input hash and frames,
// settings, versions, level.
nlohmann::json PointKey(const Codec& codec, const Clip& clip, double level);

class PointCache {
 public:
  // One small file per point in `folder`, which is made when needed. An empty
  // name: nothing is kept.
  explicit PointCache(std::string folder) : folder_(std::move(folder)) {}

  // Nothing if the point isn't there or its file is damaged. Without the scores of
  // metrics whose definition has changed since.
  std::optional<Measurement> Find(const nlohmann::json& key) const;
  // In one step: a reader or a kill finds the whole point or none.
  Status Store(const nlohmann::json& key, const Measurement& point) const;

 private:
  std::string PathOf(const nlohmann::json& key) const;

  std::string folder_;
};

}  // namespace furl::eval

#endif  // FURL_EVAL_RESULTS_POINT_CACHE_H_
