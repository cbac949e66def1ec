#include "codec/common/qp_map.h"

#include "base/checked_math.h"
#include "codec/common/median_prediction.h"
#include "entropy/adaptive_symbols.h"

namespace furl {
namespace {

// Differences to the prediction are more often 0 the more its neighbours agree.
constexpr int kContexts = 3;

struct QpMapModels {
  AdaptiveBit any = AdaptiveBit(AdaptiveBit::kOne * 3 / 4, 3);
  std::array<AdaptiveBit, kContexts> differs = UniformBits<kContexts>(AdaptiveBit::kOne * 3 / 4);
  AdaptiveBit negative;
  UnaryModel<2 * QpMap::kMaxStep - 1> magnitude;
};

struct Neighbours {
  int prediction = 0;
  int context = 0;
};

// The median of left, above and the plane through the three corners; outside
// the picture counts as the block that is there, or as 0.
Neighbours Look(const QpMap& map, int col, int row) {
  if (col == 0 && row == 0) return {0, kContexts - 1};
  if (row == 0) return {map.At(col - 1, 0), 1};
  if (col == 0) return {map.At(0, row - 1), 1};
  const int left = map.At(col - 1, row);
  const int above = map.At(col, row - 1);
  const int median = MedianPrediction(left, above, map.At(col - 1, row - 1));
  return {median, std::min(std::abs(left - above), kContexts - 1)};
}

// False if a step is not one of `lowest`..`highest`; the map then ends there.
template <typename Coder, typename Meter>
bool CodeQpMap(Coder& coder, int lowest, int highest, QpMap* map, Meter meter) {
  QpMapModels models;
  const bool any = CodeBit(coder, models.any, !map->AllZero());
  meter.ChargeWhole();
  if (!any) return true;
  for (int row = 0; row < map->rows(); ++row) {
    for (int col = 0; col < map->cols(); ++col) {
      const Neighbours near = Look(*map, col, row);
      int difference = map->At(col, row) - near.prediction;
      if (CodeBit(coder, models.differs[near.context], difference != 0)) {
        const bool negative = CodeBit(coder, models.negative, difference < 0);
        const int magnitude = CodeUnary(coder, models.magnitude, std::abs(difference) - 1) + 1;
        difference = negative ? -magnitude : magnitude;
      } else {
        difference = 0;
      }
      const int step = near.prediction + difference;
      if (step < lowest || step > highest) return false;
      map->Set(col, row, step);
      meter.Charge(col * QpMap::kBlock, row * QpMap::kBlock, QpMap::kBlock);
    }
  }
  return true;
}

}  // namespace

QpMap::QpMap(int width, int height)
    : cols_(CeilDiv(width, kBlock)),
      rows_(CeilDiv(height, kBlock)),
      steps_(static_cast<size_t>(cols_) * rows_) {}

void WriteQpMap(int qp, const QpMap& map, RangeEncoder* coder) {
  QpMap coded = map;
  CodeQpMap(*coder, QpMap::LowestStep(qp), QpMap::HighestStep(qp), &coded, NoMeter());
}

Status ReadQpMap(int qp, RangeDecoder* coder, QpMap* map, BitAccount* account) {
  *map = QpMap(map->cols() * QpMap::kBlock, map->rows() * QpMap::kBlock);
  if (!CodeQpMap(*coder, QpMap::LowestStep(qp), QpMap::HighestStep(qp), map,
                 RangeMeter(*coder, account))) {
    return InvalidStream("QP map leads out of the range of QPs");
  }
  return OkStatus();
}

}  // namespace furl
