#include "codec/common/frame_analysis.h"

#include "base/checked_math.h"

namespace furl {

FrameAnalysis::FrameAnalysis(int picture_width, int picture_height)
    : width(picture_width),
      height(picture_height),
      cols(CeilDiv(picture_width, BitAccount::kBlock)),
      rows(CeilDiv(picture_height, BitAccount::kBlock)) {}

FrameAccount* FrameAnalysis::Open(BitKind kind, std::string name) {
  return &accounts.emplace_back(
      FrameAccount{kind, std::move(name), BitAccount(cols, rows), std::nullopt});
}

}  // namespace furl
