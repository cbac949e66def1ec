#include "inspect/frame_detail.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "inspect/inspect_json.h"
#include "inspect/step_pictures.h"
#include "report/data_uri.h"

namespace furl::inspect {
namespace {

using nlohmann::ordered_json;

template <typename Number>
std::string Packed(const std::vector<Number>& numbers) {
  std::vector<uint8_t> bytes;
  bytes.reserve(numbers.size() * sizeof(Number));
  for (const Number number : numbers) {
    for (size_t byte = 0; byte < sizeof(Number); ++byte) {
      bytes.push_back(static_cast<uint8_t>(number >> (8 * byte)));
    }
  }
  return report::Base64(bytes);
}

std::string Bits(const BitAccount& account) {
  std::vector<uint16_t> sixteenths;
  sixteenths.reserve(account.blocks().size());
  for (const uint64_t cost : account.blocks()) {
    sixteenths.push_back(static_cast<uint16_t>(std::min<uint64_t>((cost + 8) / 16, UINT16_MAX)));
  }
  return Packed(sixteenths);
}

ordered_json Accounts(const FrameAnalysis& analysis) {
  ordered_json accounts = ordered_json::array();
  for (const FrameAccount& account : analysis.accounts) {
    ordered_json one = {
        {"kind", KeyOf(account.kind)}, {"name", account.name}, {"bits", Bits(account.bits)}};
    if (account.expected) one["expected"] = Bits(*account.expected);
    accounts.push_back(std::move(one));
  }
  return accounts;
}

std::string Motion(const motion::MotionField& field) {
  std::vector<int16_t> numbers;
  for (int row = 0; row < field.rows(); ++row) {
    for (int col = 0; col < field.cols(); ++col) {
      if (!field.IsBlockOrigin(col, row)) continue;
      const motion::BlockMotion& block = field.at(col, row);
      for (const int number :
           {col, row, int{block.size_log2}, int{block.refs}, int{block.mv[0].x}, int{block.mv[0].y},
            int{block.mv[1].x}, int{block.mv[1].y}, int{block.merged}}) {
        numbers.push_back(static_cast<int16_t>(number));
      }
    }
  }
  return Packed(numbers);
}

std::string Fired(std::vector<FiredLatent> fired) {
  std::stable_sort(fired.begin(), fired.end(), [](const FiredLatent& a, const FiredLatent& b) {
    return a.block != b.block ? a.block < b.block : a.cost > b.cost;
  });
  std::vector<int32_t> numbers;
  int of_block = 0;
  for (size_t i = 0; i < fired.size(); ++i) {
    of_block = i > 0 && fired[i].block == fired[i - 1].block ? of_block + 1 : 0;
    if (of_block >= kMostFired) continue;
    for (const int32_t number : {fired[i].block, int32_t{fired[i].latent}, int32_t{fired[i].symbol},
                                 static_cast<int32_t>(fired[i].cost)}) {
      numbers.push_back(number);
    }
  }
  return Packed(numbers);
}

}  // namespace

Result<ordered_json> FrameDetail(const FrameAnalysis& analysis) {
  ordered_json detail = {{"accounts", Accounts(analysis)}, {"qp", Packed(analysis.qps)}};
  const auto& samples = analysis.in_samples;
  if (std::find(samples.begin(), samples.end(), uint8_t{1}) != samples.end()) {
    detail["samples"] = Packed(samples);
  }
  if (analysis.motion != nullptr) {
    detail["motion"] = Motion(*analysis.motion);
    detail["distances"] = {analysis.motion->distance[0], analysis.motion->distance[1]};
  }
  if (!analysis.fired.empty()) detail["fired"] = Fired(analysis.fired);
  FURL_ASSIGN_OR_RETURN(detail["pictures"], StepPictures(analysis));
  return detail;
}

}  // namespace furl::inspect
