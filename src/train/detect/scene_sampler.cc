#include "train/detect/scene_sampler.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "analysis/detect/velocity_map.h"
#include "codec/common/pack.h"
#include "train/base/units.h"
#include "train/preprocess/augment.h"
#include "train/preprocess/crop.h"

namespace furl::train {
namespace {

using analysis::Box;
using torch::indexing::Slice;

constexpr double kFourScenes = 0.5;      // of canvases
constexpr double kLargest = 2.0;         // samples of the canvas per sample of the scene
constexpr double kSeen = 0.4;            // of an object's area, to be looked for
constexpr double kSmallestSide = 6;      // samples of a longer side that can be seen at all
constexpr double kWithoutObjects = 0.1;  // of scenes

// A square of a scene, scaled to a square of a canvas.
struct Piece {
  const Scene* scene = nullptr;
  double x = 0;  // in the scene
  double y = 0;
  double scale = 1;
  int left = 0;  // in the canvas
  int top = 0;
  int side = 0;
  Change change;
};

double Uniform(double low, double high, std::mt19937_64& rng) {
  return std::uniform_real_distribution<double>(low, high)(rng);
}

Piece DrawPiece(const Scene& scene, int left, int top, int side, std::mt19937_64& rng) {
  const LabelledFrame& label = scene.label;
  const double least = static_cast<double>(side) / std::min(label.width, label.height);
  const double most = std::max(kLargest, least);
  Piece piece = {&scene, 0,   0,    least * std::pow(most / least, Uniform(0, 1, rng)),
                 left,   top, side, {}};
  const double source = side / piece.scale;
  piece.x = Uniform(0, label.width - source, rng);
  piece.y = Uniform(0, label.height - source, rng);
  Augmentation settings;
  settings.transpose = false;
  settings.swap_chroma = false;
  settings.noise = 3;
  piece.change = DrawChange(settings, rng);
  return piece;
}

// A plane of the scene's picture, which it borrows, [1, 1, height, width].
Tensor PlaneOf(const Scene& scene, int p) {
  const int shift = p == 0 ? 0 : 1;
  const size_t area = static_cast<size_t>(scene.label.width) * scene.label.height;
  const size_t offset = p == 0 ? 0 : p == 1 ? area : area * 5 / 4;
  return torch::from_blob(const_cast<uint8_t*>(scene.picture.data() + offset),
                          {1, 1, scene.label.height >> shift, scene.label.width >> shift},
                          torch::kUInt8);
}

// The piece's square of one plane of the picture, [side, side]; antialiased.
Tensor ScaledPlane(const Piece& piece, int p) {
  const int shift = p == 0 ? 0 : 1;
  const Tensor whole = PlaneOf(*piece.scene, p);
  const auto height = static_cast<int>(whole.size(2));
  const auto width = static_cast<int>(whole.size(3));
  const double source = piece.side / piece.scale / (1 << shift);
  const auto begin = [&](double at, int most) {
    return std::clamp(static_cast<int>(std::lround(at / (1 << shift))), 0,
                      most - std::min(most, static_cast<int>(source)));
  };
  const int x = begin(piece.x, width);
  const int y = begin(piece.y, height);
  const int side = std::max(1, std::min({static_cast<int>(source), width - x, height - y}));
  const auto square =
      whole.index({Slice(), Slice(), Slice(y, y + side), Slice(x, x + side)}).to(torch::kFloat32);
  const int to = piece.side >> shift;
  return torch::_upsample_bilinear2d_aa(square, {to, to}, false).squeeze(0).squeeze(0);
}

std::vector<uint8_t> Bytes(const Tensor& plane) {
  const auto whole = torch::clamp(torch::round(plane), 0, 255).to(torch::kUInt8).contiguous();
  const uint8_t* data = whole.data_ptr<uint8_t>();
  return {data, data + whole.numel()};
}

Crop CropOf(const Piece& piece, std::mt19937_64& rng) {
  Crop crop = {piece.side, Bytes(ScaledPlane(piece, 0)), Bytes(ScaledPlane(piece, 1)),
               Bytes(ScaledPlane(piece, 2))};
  ApplyChange(piece.change, crop, rng);
  return crop;
}

// `motion` is [16, h, w] of the canvas.
void PasteMotion(const Piece& piece, Tensor* motion) {
  auto to = motion->accessor<float, 3>();
  const int cells = piece.side / 16;
  const double source = piece.side / piece.scale;
  for (int row = 0; row < cells; ++row) {
    for (int col = 0; col < cells; ++col) {
      const double across = (col + 0.5) / cells;
      const double x = piece.x + (piece.change.mirror ? 1 - across : across) * source;
      const double y = piece.y + (row + 0.5) / cells * source;
      const int from_col = std::clamp(static_cast<int>(x / 16), 0, piece.scene->cols() - 1);
      const int from_row = std::clamp(static_cast<int>(y / 16), 0, piece.scene->rows() - 1);
      const BlockVelocity& v =
          piece.scene->velocities[static_cast<size_t>(from_row) * piece.scene->cols() + from_col];
      if (v.known == 0) continue;
      const double sign = piece.change.mirror ? -1 : 1;
      const auto numbers = analysis::MotionNumbers({sign * v.x * piece.scale, v.y * piece.scale});
      for (int i = 0; i < analysis::kMotionNumbers; ++i) {
        to[i][piece.top / 16 + row][piece.left / 16 + col] = static_cast<float>(numbers[i]);
      }
    }
  }
}

void PasteObjects(const Piece& piece, std::vector<LabelledObject>* objects) {
  const Box square = {0, 0, static_cast<double>(piece.side), static_cast<double>(piece.side)};
  for (LabelledObject object : piece.scene->label.objects) {
    const auto x = [&](double at) { return (at - piece.x) * piece.scale; };
    const auto y = [&](double at) { return (at - piece.y) * piece.scale; };
    Box box = {x(object.box.left), y(object.box.top), x(object.box.right), y(object.box.bottom)};
    if (piece.change.mirror) {
      box = {piece.side - box.right, box.top, piece.side - box.left, box.bottom};
    }
    const Box seen = box.Overlap(square);
    if (seen.area() <= 0) continue;
    object.doubtful |=
        seen.area() < kSeen * box.area() || std::max(seen.width(), seen.height()) < kSmallestSide;
    object.box = {seen.left + piece.left, seen.top + piece.top, seen.right + piece.left,
                  seen.bottom + piece.top};
    objects->push_back(object);
  }
}

// `packed` is [h / 8, w / 8, 96] of the canvas.
void PastePicture(const Piece& piece, const Crop& crop, Tensor* packed) {
  const int cells = piece.side / 8;
  auto own = torch::empty({cells, cells, kPackedChannels});
  PackCrop(crop, own.data_ptr<float>());
  const int top = piece.top / 8;
  const int left = piece.left / 8;
  packed->index_put_({Slice(top, top + cells), Slice(left, left + cells)}, own);
}

}  // namespace

SceneSampler::SceneSampler(const std::vector<const Scene*>& scenes, const CanvasOptions& options,
                           uint64_t seed)
    : options_(options), rng_(seed) {
  std::array<std::map<std::string, std::vector<const Scene*>>, analysis::kObjectGroups + 1> clips;
  for (const Scene* scene : scenes) {
    std::array<bool, analysis::kObjectGroups> has = {};
    bool any = false;
    for (const LabelledObject& object : scene->label.objects) {
      any = true;
      if (!object.doubtful) has[static_cast<int>(object.group)] = true;
    }
    for (int g = 0; g < analysis::kObjectGroups; ++g) {
      if (has[g]) clips[g][scene->clip].push_back(scene);
    }
    if (!any) clips[analysis::kObjectGroups][scene->clip].push_back(scene);
  }
  for (size_t g = 0; g < clips.size(); ++g) {
    for (auto& [name, list] : clips[g]) by_group_[g].push_back(std::move(list));
  }
}

const Scene& SceneSampler::DrawScene() {
  for (;;) {
    const bool none = Uniform(0, 1, rng_) < kWithoutObjects;
    const auto& clips =
        by_group_[none ? analysis::kObjectGroups : rng_() % analysis::kObjectGroups];
    if (clips.empty()) continue;
    const auto& scenes = clips[rng_() % clips.size()];
    return *scenes[rng_() % scenes.size()];
  }
}

CanvasBatch SceneSampler::Draw() {
  CanvasBatch batch;
  const int side = options_.side;
  std::vector<Tensor> pictures;
  std::vector<Tensor> motion;
  for (int i = 0; i < options_.batch; ++i) {
    const int across = Uniform(0, 1, rng_) < kFourScenes ? 2 : 1;
    auto packed = torch::empty({side / 8, side / 8, kPackedChannels});
    auto moving = torch::zeros({nn::kChannelMultiple, side / 16, side / 16});
    auto& objects = batch.objects.emplace_back();
    for (int part = 0; part < across * across; ++part) {
      const int own = side / across;
      const Piece piece =
          DrawPiece(DrawScene(), part % across * own, part / across * own, own, rng_);
      PastePicture(piece, CropOf(piece, rng_), &packed);
      PasteMotion(piece, &moving);
      PasteObjects(piece, &objects);
    }
    pictures.push_back(packed.permute({2, 0, 1}));
    motion.push_back(moving);
  }
  batch.pictures = torch::stack(pictures).contiguous(torch::MemoryFormat::ChannelsLast);
  batch.motion = torch::stack(motion);
  batch.qp = torch::randint(options_.finest_qp, options_.coarsest_qp + 1, {options_.batch},
                            torch::kFloat32);
  return batch;
}

CanvasBatch WholeScene(const Scene& scene, int qp) {
  const int width = scene.label.width;
  const int height = scene.label.height;
  const auto up = [](int side) { return (side + 63) / 64 * 64; };
  const auto plane = [&](int p) {
    const int shift = p == 0 ? 0 : 1;
    const auto padded = torch::replication_pad2d(
        PlaneOf(scene, p).to(torch::kFloat32),
        {0, (up(width) - width) >> shift, 0, (up(height) - height) >> shift});
    const int block = p == 0 ? 8 : 4;
    return torch::pixel_unshuffle(padded, block) / kSampleUnit;
  };
  CanvasBatch batch;
  batch.pictures = torch::cat({plane(0), plane(1), plane(2)}, 1);
  batch.motion = torch::zeros({1, nn::kChannelMultiple, up(height) / 16, up(width) / 16});
  auto to = batch.motion.accessor<float, 4>();
  for (int row = 0; row < scene.rows(); ++row) {
    for (int col = 0; col < scene.cols(); ++col) {
      const BlockVelocity& v = scene.velocities[static_cast<size_t>(row) * scene.cols() + col];
      if (v.known == 0) continue;
      const auto numbers = analysis::MotionNumbers({v.x, v.y});
      for (int i = 0; i < analysis::kMotionNumbers; ++i) {
        to[0][i][row][col] = static_cast<float>(numbers[i]);
      }
    }
  }
  batch.qp = torch::full({1}, qp, torch::kFloat32);
  batch.objects = {scene.label.objects};
  return batch;
}

}  // namespace furl::train
