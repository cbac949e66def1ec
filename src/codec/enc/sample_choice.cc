#include "codec/enc/sample_choice.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <vector>

#include "codec/common/rate_distortion.h"
#include "codec/common/sample_syntax.h"
#include "image/coding_scales.h"

namespace furl {

// Prices symbols as a CostCounter does, and lets their models learn as a RangeEncoder does.
struct LearningCounter : CostCounter {};
inline bool CodeBit(LearningCounter& coder, AdaptiveBit& model, bool bit) {
  coder.cost += BitCost(model, bit);
  model.Update(bit);
  return bit;
}

namespace {

constexpr int kBlock = SampleBlocks::kBlock;
// Of a block's luma samples, how many must be like a neighbour's, and how many at an edge, before
// it is worth pricing.
constexpr double kLeastAlike = 0.5;
constexpr double kLeastEdges = 0.02;
// A frame with so many samples that are as both neighbours is a screen's; in one with still more of
// them flat blocks are priced as well.
constexpr double kScreen = 0.4;
constexpr double kFlatScreen = 0.8;
// What latents cost is estimated, by a transform less apt than theirs for a camera's pictures and
// as bad for a screen's, and blocks that begin an area of samples are a burden to their neighbours.
// So much may samples cost of that estimate:
struct Advantage {
  double first;
  double following;
};
constexpr Advantage kOnCameras = {0.6, 0.9};
constexpr Advantage kOnScreens = {1.0, 1.5};

// In smooth places an error is copied to all samples that follow, and seen as a blotch; at edges it
// ends at once and is hidden. So much more does it weigh there.
constexpr double kSmooth = 12;

// The sum of errors is kept near 0, so that what is left out of many edges doesn't add up to a
// cast: kBiasSamples times a level pull as hard as an error of kBiasWeight levels.
constexpr double kBiasSamples = 4096;
constexpr double kBiasWeight = 30;

constexpr std::array<double, 3> kWeights = {1, kChromaWeight, kChromaWeight};

using Transformed = std::array<int32_t, kBlock * kBlock>;

// In place, over `size` values `stride` apart; not normalized.
void Hadamard(int32_t* values, int size, int stride) {
  for (int half = 1; half < size; half *= 2) {
    for (int i = 0; i < size; i += 2 * half) {
      for (int j = i; j < i + half; ++j) {
        const int32_t a = values[j * stride];
        const int32_t b = values[(j + half) * stride];
        values[j * stride] = a + b;
        values[(j + half) * stride] = a - b;
      }
    }
  }
}

// Cost of the frame's blocks one way and the other, in squared levels of 8 bits.
class SampleChooser {
 public:
  SampleChooser(const SampleRequest& request, SampleBlocks* blocks)
      : request_(request), blocks_(blocks), depth_(request.original->bit_depth()) {
    step_ = std::clamp(static_cast<int>(std::lround(request.step_law.Step(MeanQp()))), 1,
                       kMaxSampleStep);
  }

  int step() const { return step_; }

  Status Run() {
    std::vector<Texture> textures;
    double same = 0;
    double all = 0;
    for (int row = 0; row < blocks_->rows(); ++row) {
      for (int col = 0; col < blocks_->cols(); ++col) {
        textures.push_back(TextureOf(col, row));
        same += textures.back().same;
        all += textures.back().all;
      }
    }
    advantage_ = same > kScreen * all ? kOnScreens : kOnCameras;
    const bool flat = same > kFlatScreen * all;
    for (int row = 0; row < blocks_->rows(); ++row) {
      for (int col = 0; col < blocks_->cols(); ++col) {
        const Texture& texture = textures[static_cast<size_t>(row) * blocks_->cols() + col];
        if (!IsCandidate(col, row, texture, flat)) continue;
        FURL_RETURN_IF_ERROR(Decide(col, row));
      }
    }
    return OkStatus();
  }

 private:
  double QpAt(int col, int row) const {
    if (request_.qp_map == nullptr || request_.qp_map->cols() == 0) return request_.qp;
    const int across = QpMap::kBlock / kBlock;
    return request_.qp + QpMap::kQpPerStep * request_.qp_map->At(col / across, row / across);
  }

  double MeanQp() const {
    double sum = 0;
    for (int row = 0; row < blocks_->rows(); ++row) {
      for (int col = 0; col < blocks_->cols(); ++col) sum += QpAt(col, row);
    }
    return sum / (blocks_->rows() * blocks_->cols());
  }

  // How a block's luma goes on from the samples to the left and above.
  struct Texture {
    int all = 0;
    int same = 0;   // as both
    int alike = 0;  // near one of them
    int edges = 0;  // far from one of them
  };

  Texture TextureOf(int col, int row) const {
    const ConstPlane plane = request_.original->plane(0);
    const int x1 = std::min((col + 1) * kBlock, plane.width);
    const int y1 = std::min((row + 1) * kBlock, plane.height);
    const double step = request_.step_law.Step(QpAt(col, row)) * (1 << (depth_ - 8));
    const int near = static_cast<int>(step / 8);
    const int far = static_cast<int>(step);
    Texture texture;
    for (int y = std::max(row * kBlock, 1); y < y1; ++y) {
      const uint16_t* const line = plane.row(y);
      const uint16_t* const above = plane.row(y - 1);
      for (int x = std::max(col * kBlock, 1); x < x1; ++x) {
        const int across = std::abs(line[x] - line[x - 1]);
        const int down = std::abs(line[x] - above[x]);
        ++texture.all;
        texture.same += across == 0 && down == 0;
        texture.alike += std::min(across, down) <= near;
        texture.edges += std::max(across, down) > far;
      }
    }
    return texture;
  }

  // Whether a block goes on an area of such.
  bool GoesOn(int col, int row) const {
    return blocks_->At(col - 1, row) || blocks_->At(col, row - 1);
  }

  // Cheap, and false for nearly all blocks that a camera has seen.
  bool IsCandidate(int col, int row, const Texture& texture, bool flat) const {
    if (flat && texture.same == texture.all) return true;
    return texture.alike > kLeastAlike * texture.all &&
           (GoesOn(col, row) || texture.edges > kLeastEdges * texture.all);
  }

  Status Decide(int col, int row) {
    const double step = request_.step_law.Step(QpAt(col, row));
    const double lambda = kLagrangian * step * step;
    const double in_latents =
        (GoesOn(col, row) ? advantage_.following : advantage_.first) * LatentCost(col, row, step);
    if (in_latents < 4 * lambda) return OkStatus();
    FURL_RETURN_IF_ERROR(blocks_->Mark(col, row));
    const std::array<SampleModels, 3> before = models_;
    if (SampleCost(col, row, lambda) < in_latents) return OkStatus();
    blocks_->Unmark(col, row);
    models_ = before;
    return OkStatus();
  }

  // Error and bits of the samples that are chosen for a block, which is marked.
  double SampleCost(int col, int row, double lambda) {
    double cost = 0;
    ForEachSample(blocks_, col, row,
                  [&](uint16_t& sample, int p, int x, int y, const SampleSurroundings& around) {
                    const ConstPlane plane = request_.original->plane(p);
                    const double weight = kWeights[p] * (IsSmooth(plane, x, y) ? kSmooth : 1);
                    cost += ChooseSample(p, around, plane.row(y)[x], weight, lambda, &sample);
                  });
    return cost;
  }

  bool IsSmooth(const ConstPlane& plane, int x, int y) const {
    const int near = std::max(step_ / 4, 1) << (depth_ - 8);
    const int value = plane.row(y)[x];
    return (x == 0 || std::abs(value - plane.row(y)[x - 1]) <= near) &&
           (y == 0 || std::abs(value - plane.row(y - 1)[x]) <= near);
  }

  double ChooseSample(int p, const SampleSurroundings& around, int wanted, double weight,
                      double lambda, uint16_t* sample) {
    const SampleScale scale = ScaleOfPlane(p, step_, depth_);
    SampleModels& models = models_[p];
    const double level = 1 << (depth_ - 8);
    const double pull = 2 * kBiasWeight * bias_[p];
    double best = std::numeric_limits<double>::infinity();
    int chosen = wanted;
    const auto consider = [&](int value) {
      const double error = (value - wanted) / level;
      CostCounter counter;
      CodeSample(counter, models, around, scale, value);
      const double cost =
          weight * error * (error + pull) + lambda * static_cast<double>(counter.cost) / 256;
      if (cost >= best) return;
      best = cost;
      chosen = value;
    };
    for (const int near : around.near) consider(near);
    const int prediction = around.Prediction();
    const int distance = wanted - prediction;
    const int half = scale.step / 2;
    const int steps = (distance < 0 ? distance - half : distance + half) / scale.step;
    const int coded = prediction + std::clamp(steps, -kMaxNear, kMaxNear) * scale.step;
    if (coded >= 0 && coded <= scale.max()) consider(coded);
    consider(wanted);
    *sample = static_cast<uint16_t>(chosen);
    const double error = (chosen - wanted) / level;
    bias_[p] += error / kBiasSamples;
    LearningCounter counter;
    CodeSample(counter, models, around, scale, chosen);
    return kWeights[p] * error * error + lambda * static_cast<double>(counter.cost) / 256;
  }

  // Estimated: coefficients of a Hadamard transform, each coded or left out.
  double LatentCost(int col, int row, double step) const {
    double cost = 0;
    for (int p = 0; p < 3; ++p) {
      const int side = p == 0 ? kBlock : kBlock / 2;
      Transformed values;
      Residual(p, col * side, row * side, side, &values);
      for (int i = 0; i < side; ++i) Hadamard(&values[i * side], side, 1);
      for (int i = 0; i < side; ++i) Hadamard(&values[i], side, side);
      const double unit = std::sqrt(kWeights[p]) / (side * (1 << (kSampleBits - 8)) * step);
      for (int i = request_.prediction == nullptr ? 1 : 0; i < side * side; ++i) {
        const double size = std::abs(values[i]) * unit;
        if (size < 0.05) continue;
        const double coded = 0.08 + kLagrangian * (4 + 2 * std::max(0.0, std::log2(size)));
        cost += std::min(size * size, coded);
      }
    }
    return cost * step * step;
  }

  // Of 12 bits; the picture's edges continue outside it.
  void Residual(int p, int x0, int y0, int side, Transformed* out) const {
    const ConstPlane plane = request_.original->plane(p);
    const int up = kSampleBits - depth_;
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side; ++x) {
        const int at_y = std::min(y0 + y, plane.height - 1);
        const int at_x = std::min(x0 + x, plane.width - 1);
        int32_t value = plane.row(at_y)[at_x] << up;
        if (request_.prediction != nullptr) value -= request_.prediction->pred(p).row(at_y)[at_x];
        (*out)[y * side + x] = value;
      }
    }
  }

  const SampleRequest& request_;
  SampleBlocks* blocks_;
  const int depth_;
  int step_ = 1;
  Advantage advantage_ = kOnCameras;
  std::array<SampleModels, 3> models_;
  std::array<double, 3> bias_ = {};  // sums of errors so far over kBiasSamples, in levels
};

}  // namespace

Result<int> ChooseSampleBlocks(const SampleRequest& request, SampleBlocks* blocks) {
  blocks->Clear();
  SampleChooser chooser(request, blocks);
  FURL_RETURN_IF_ERROR(chooser.Run());
  return chooser.step();
}

}  // namespace furl
