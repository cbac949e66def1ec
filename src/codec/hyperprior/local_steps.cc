#include "codec/hyperprior/local_steps.h"

#include <algorithm>
#include <iterator>

#include "base/checked_math.h"
#include "codec/hyperprior/latent_symbols.h"

namespace furl::hyperprior {
namespace {

// round(24 * log2(1 + i / 8)); 127 from i = 304 on.
constexpr uint8_t kCompand[304] = {
    0,   4,   8,   11,  14,  17,  19,  22,  24,  26,  28,  30,  32,  33,  35,  37,  38,  39,  41,
    42,  43,  45,  46,  47,  48,  49,  50,  51,  52,  53,  54,  55,  56,  57,  57,  58,  59,  60,
    61,  61,  62,  63,  63,  64,  65,  65,  66,  67,  67,  68,  69,  69,  70,  70,  71,  71,  72,
    73,  73,  74,  74,  75,  75,  76,  76,  77,  77,  77,  78,  78,  79,  79,  80,  80,  81,  81,
    81,  82,  82,  83,  83,  83,  84,  84,  85,  85,  85,  86,  86,  86,  87,  87,  87,  88,  88,
    88,  89,  89,  89,  90,  90,  90,  91,  91,  91,  92,  92,  92,  93,  93,  93,  93,  94,  94,
    94,  95,  95,  95,  95,  96,  96,  96,  97,  97,  97,  97,  98,  98,  98,  98,  99,  99,  99,
    99,  100, 100, 100, 100, 101, 101, 101, 101, 101, 102, 102, 102, 102, 103, 103, 103, 103, 104,
    104, 104, 104, 104, 105, 105, 105, 105, 105, 106, 106, 106, 106, 106, 107, 107, 107, 107, 107,
    108, 108, 108, 108, 108, 109, 109, 109, 109, 109, 109, 110, 110, 110, 110, 110, 111, 111, 111,
    111, 111, 111, 112, 112, 112, 112, 112, 112, 113, 113, 113, 113, 113, 113, 114, 114, 114, 114,
    114, 114, 115, 115, 115, 115, 115, 115, 116, 116, 116, 116, 116, 116, 116, 117, 117, 117, 117,
    117, 117, 117, 118, 118, 118, 118, 118, 118, 118, 119, 119, 119, 119, 119, 119, 119, 120, 120,
    120, 120, 120, 120, 120, 121, 121, 121, 121, 121, 121, 121, 121, 122, 122, 122, 122, 122, 122,
    122, 122, 123, 123, 123, 123, 123, 123, 123, 123, 124, 124, 124, 124, 124, 124, 124, 124, 125,
    125, 125, 125, 125, 125, 125, 125, 125, 126, 126, 126, 126, 126, 126, 126, 126, 127, 127, 127};

// round(4096 * 2^(offset / 10)), by offset + 16: the steps of a place in those of the networks.
constexpr int kRatioBits = 12;
constexpr int kMaxOffset = 16;
constexpr int kRatio[2 * kMaxOffset + 1] = {1351, 1448, 1552,  1663,  1783,  1911, 2048, 2195, 2353,
                                            2521, 2702, 2896,  3104,  3327,  3566, 3822, 4096, 4390,
                                            4705, 5043, 5405,  5793,  6208,  6654, 7132, 7643, 8192,
                                            8780, 9410, 10086, 10809, 11585, 12417};
static_assert(kMaxOffset == QpMap::kQpPerStep * QpMap::kMaxStep && kMaxOffset == -kMinQp &&
              kMaxOffset == kMaxQp - ModelQp(kMaxQp));

int Ratio(int offset) { return kRatio[offset + kMaxOffset]; }

// A scale index, half a value, stands for 2^0.2 times the index before it, as two QPs do for the
// step. Index 0 means "never anything but 0", which holds for finer steps only as far as the model
// knows steps: for those beyond it means "less than index 1".
void LocalizeScales(int offset, bool beyond, int count, uint8_t* scale) {
  for (int c = 0; c < count; ++c) {
    if (scale[c] <= 1 && !beyond) continue;
    scale[c] = static_cast<uint8_t>(Clamp(std::max<int>(scale[c], 2) - offset, 0, 127));
  }
}

void LocalizeMeans(int offset, int count, int16_t* mean) {
  const int ratio = Ratio(-offset);
  for (int c = 0; c < count; ++c) {
    const int local = RoundShift(mean[c] * ratio, kRatioBits);
    mean[c] = static_cast<int16_t>(Clamp(local, INT16_MIN, INT16_MAX));
  }
}

}  // namespace

std::vector<uint16_t> ExtendSteps(std::span<const uint16_t> model_steps) {
  std::vector<uint16_t> steps;
  steps.reserve(static_cast<size_t>(kQpRange) * kLatentChannels);
  for (int qp = kMinQp; qp <= kMaxQp; ++qp) {
    const uint16_t* row = model_steps.data() + ModelQp(qp) * kLatentChannels;
    for (int c = 0; c < kLatentChannels; ++c) {
      const int step = RoundShift(row[c] * Ratio(qp - ModelQp(qp)), kRatioBits);
      steps.push_back(static_cast<uint16_t>(Clamp(step, 1, kMaxDelta)));
    }
  }
  return steps;
}

std::span<const uint16_t> LocalSteps::Row(int qp) const {
  return table_.subspan(static_cast<size_t>(qp - kMinQp) * kLatentChannels, kLatentChannels);
}

void LocalSteps::Localize(const Pass& pass, nn::Tensor* scale, nn::Tensor* mean) const {
  if (map_ == nullptr && qp_ == ModelQp(qp_)) return;
  ForEachPosition(pass, scale->height(), scale->width(), [&](int y, int x) {
    const int offset = OffsetAt(y, x);
    if (offset == 0) return;
    LocalizeScales(offset, QpAt(y, x) < 0, pass.count, scale->U7(y, x));
    LocalizeMeans(offset, pass.count, mean->S16(y, x));
  });
}

uint8_t CompandLocal(int half_steps, int offset) {
  constexpr int kEighths = kRatioBits + 1 - 3;
  const int eighths = (half_steps * Ratio(offset) + (1 << (kEighths - 1))) >> kEighths;
  return eighths < static_cast<int>(std::size(kCompand)) ? kCompand[eighths] : 127;
}

}  // namespace furl::hyperprior
