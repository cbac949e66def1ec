#include "codec/families/sense/study/block_prior.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

#include "model/foreign_json.h"

namespace furl::sense {
namespace {

constexpr double kUnknown = 1e12;           // variance of what nothing is known of
constexpr double kLeastVariance = 1e-6;     // keeps divisions by it finite
constexpr double kMostCorrelation = 0.999;  // nothing is remembered for ever
constexpr const char* kPlaneNames[3] = {"y", "u", "v"};

// The block at block position (bx, by) in 8-bit samples less 128.
void GatherBlock(ConstPlane plane, int side, int depth, int bx, int by, float* block) {
  const float scale = 1.0f / static_cast<float>(1 << (depth - 8));
  for (int y = 0; y < side; ++y) {
    const uint16_t* const row = plane.row(by * side + y) + bx * side;
    for (int x = 0; x < side; ++x) block[y * side + x] = static_cast<float>(row[x]) * scale - 128;
  }
}

double Rounded(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.5g", value);
  return std::strtod(text, nullptr);
}

std::vector<double> Rounded(std::vector<double> values) {
  for (double& value : values) value = Rounded(value);
  return values;
}

// `count` numbers in [low, high].
Result<std::vector<double>> ParseNumbers(const nlohmann::json& plane, const char* name, int count,
                                         double low, double high) {
  const auto found = plane.find(name);
  if (found == plane.end() || !found->is_array() || found->size() != static_cast<size_t>(count)) {
    return InvalidStream(std::string(name) + ": not " + std::to_string(count) + " numbers");
  }
  std::vector<double> values;
  for (const nlohmann::json& value : *found) {
    if (!value.is_number() || !(value.get<double>() >= low && value.get<double>() <= high)) {
      return InvalidStream(std::string(name) + ": a number out of its range");
    }
    values.push_back(value.get<double>());
  }
  return values;
}

Result<PlanePrior> ParsePlane(const nlohmann::json& plane, int count) {
  if (!plane.is_object()) return InvalidStream("no object");
  PlanePrior prior;
  const auto mean = plane.find("mean");
  if (mean == plane.end() || !mean->is_number()) return InvalidStream("mean: no number");
  prior.mean = mean->get<double>();
  FURL_ASSIGN_OR_RETURN(prior.variance,
                        ParseNumbers(plane, "variance", count, kLeastVariance, kUnknown));
  FURL_ASSIGN_OR_RETURN(prior.correlation,
                        ParseNumbers(plane, "correlation", count, 0, kMostCorrelation));
  return prior;
}

}  // namespace

BlockPrior FlatPrior() {
  BlockPrior prior;
  for (int p = 0; p < 3; ++p) {
    const auto count = static_cast<size_t>(PlaneSide(p)) * PlaneSide(p);
    prior[p].variance.assign(count, kUnknown);
    prior[p].correlation.assign(count, 0);
  }
  return prior;
}

PriorFit::Moments::Moments(int side) : dct(side), squares(dct.count()), products(dct.count()) {}

PriorFit::PriorFit()
    : planes_{Moments(PlaneSide(0)), Moments(PlaneSide(1)), Moments(PlaneSide(2))} {}

void PriorFit::AddPlane(const Frame& before, const Frame& after, int plane, Moments* moments) {
  const int side = moments->dct.side();
  const ConstPlane planes[2] = {before.plane(plane), after.plane(plane)};
  float block[kLumaSamples];
  float coefficients[2][kLumaSamples];
  for (int by = 0; by < planes[0].height / side; ++by) {
    for (int bx = 0; bx < planes[0].width / side; ++bx) {
      for (int t = 0; t < 2; ++t) {
        GatherBlock(planes[t], side, before.bit_depth(), bx, by, block);
        moments->dct.Forward(block, coefficients[t]);
      }
      const float* const a = coefficients[0];
      const float* const b = coefficients[1];
      for (int k = 0; k < moments->dct.count(); ++k) {
        moments->squares[k] += a[k] * a[k] + b[k] * b[k];
        moments->products[k] += a[k] * b[k];
      }
      moments->first += a[0] + b[0];
      ++moments->blocks;
    }
  }
}

void PriorFit::Add(const Frame& before, const Frame& after) {
  for (int p = 0; p < 3; ++p) AddPlane(before, after, p, &planes_[p]);
}

Result<BlockPrior> PriorFit::Finish() const {
  BlockPrior prior;
  for (int p = 0; p < 3; ++p) {
    const Moments& moments = planes_[p];
    if (moments.blocks == 0) return InvalidArgument("no whole blocks to learn from");
    const auto pairs = static_cast<double>(moments.blocks);
    prior[p].mean = moments.first / (2 * pairs);
    for (int k = 0; k < moments.dct.count(); ++k) {
      const double known = k == 0 ? prior[p].mean * prior[p].mean : 0;
      const double variance = std::max(moments.squares[k] / (2 * pairs) - known, kLeastVariance);
      prior[p].variance.push_back(variance);
      prior[p].correlation.push_back(
          std::clamp((moments.products[k] / pairs - known) / variance, 0.0, kMostCorrelation));
    }
  }
  return prior;
}

std::string WritePrior(const BlockPrior& prior) {
  nlohmann::ordered_json json;
  for (int p = 0; p < 3; ++p) {
    json[kPlaneNames[p]] = {{"mean", Rounded(prior[p].mean)},
                            {"variance", Rounded(prior[p].variance)},
                            {"correlation", Rounded(prior[p].correlation)}};
  }
  return json.dump() + "\n";
}

Result<BlockPrior> ParsePrior(const std::string& text) {
  FURL_ASSIGN_OR_RETURN(const nlohmann::json json, model::ParseForeignJson(text));
  BlockPrior prior;
  for (int p = 0; p < 3; ++p) {
    if (!json.is_object() || !json.contains(kPlaneNames[p])) {
      return InvalidStream(std::string("no plane ") + kPlaneNames[p]);
    }
    Result<PlanePrior> plane = ParsePlane(json[kPlaneNames[p]], PlaneSide(p) * PlaneSide(p));
    if (!plane.ok()) return plane.status().WithContext(std::string("plane ") + kPlaneNames[p]);
    prior[p] = std::move(*plane);
  }
  return prior;
}

}  // namespace furl::sense
