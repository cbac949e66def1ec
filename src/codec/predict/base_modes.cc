#include "codec/predict/base_modes.h"

#include <algorithm>
#include <cstdlib>

#include "base/checked_math.h"

namespace furl {
namespace {

constexpr int kPredictionBits = 12;

// The rows of one block, of one plane.
struct BlockRow {
  const uint16_t* base;
  int up_bits;  // that samples of the base lack to 12
  uint16_t* pred;
  uint16_t* difference;
  int width;
};

void ApplyRow(BaseMode mode, const BlockRow& row) {
  for (int x = 0; x < row.width; ++x) {
    const int base = row.base[x] << row.up_bits;
    const int motion = row.pred[x];
    switch (mode) {
      case BaseMode::kMotion: break;
      case BaseMode::kBase:
        row.pred[x] = static_cast<uint16_t>(base);
        row.difference[x] = 0;
        break;
      case BaseMode::kMean:
        row.pred[x] = static_cast<uint16_t>((motion + base + 1) >> 1);
        row.difference[x] = static_cast<uint16_t>(std::abs(motion - base));
        break;
    }
  }
}

}  // namespace

BaseModeMap::BaseModeMap(int width, int height)
    : cols_(CeilDiv(width, kBlock)),
      rows_(CeilDiv(height, kBlock)),
      modes_(static_cast<size_t>(cols_) * rows_, BaseMode::kMotion) {}

BaseModeNeighbours::BaseModeNeighbours(const BaseModeMap& map, int col, int row) {
  if (col > 0) left = map.At(col - 1, row);
  if (row > 0) above = map.At(col, row - 1);
}

void ReadBaseModes(RangeDecoder* coder, BaseModeMap* map, BitAccount* account) {
  BaseModeModels models;
  RangeMeter meter(*coder, account);
  for (int row = 0; row < map->rows(); ++row) {
    for (int col = 0; col < map->cols(); ++col) {
      map->Set(col, row, CodeBaseMode(*coder, models, {*map, col, row}, BaseMode::kMotion));
      meter.Charge(col * BaseModeMap::kBlock, row * BaseModeMap::kBlock, BaseModeMap::kBlock);
    }
  }
}

void ApplyBaseModes(const BaseModeMap& map, const Frame& base, motion::PredictionPlanes* planes) {
  for (int p = 0; p < 3; ++p) {
    const int size = p == 0 ? BaseModeMap::kBlock : BaseModeMap::kBlock / 2;
    const ConstPlane from = base.plane(p);
    for (int y = 0; y < map.rows() * size; ++y) {
      for (int col = 0; col < map.cols(); ++col) {
        const int x = col * size;
        ApplyRow(map.At(col, y / size),
                 {from.row(y) + x, kPredictionBits - base.bit_depth(), planes->pred(p).row(y) + x,
                  planes->difference(p).row(y) + x, size});
      }
    }
  }
}

void PredictFromBase(const Frame& base, motion::PredictionPlanes* planes) {
  BaseModeMap map(base.width(), base.height());
  for (int row = 0; row < map.rows(); ++row) {
    for (int col = 0; col < map.cols(); ++col) map.Set(col, row, BaseMode::kBase);
  }
  ApplyBaseModes(map, base, planes);
}

}  // namespace furl
