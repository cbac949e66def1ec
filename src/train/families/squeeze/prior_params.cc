#include "train/families/squeeze/prior_params.h"

#include <cstdint>
#include <vector>

namespace furl::train::squeeze {
namespace {

using codec::kContexts;
using codec::kDepthContexts;
using codec::kGroups;
using codec::kLow;
using codec::kNeighbours;
using codec::kQpBands;

template <typename T>
std::vector<T> WholeNumbers(const Tensor& values) {
  const auto rounded = torch::round(values.detach().cpu()).contiguous();
  std::vector<T> whole;
  for (int64_t i = 0; i < rounded.numel(); ++i) {
    whole.push_back(static_cast<T>(rounded.data_ptr<float>()[i]));
  }
  return whole;
}

template <typename T>
Tensor ToTensor(const std::vector<T>& whole, const std::vector<int64_t>& shape) {
  auto values = torch::empty(shape);
  for (size_t i = 0; i < whole.size(); ++i) {
    values.data_ptr<float>()[i] = static_cast<float>(whole[i]);
  }
  return values;
}

}  // namespace

codec::Layout LayoutOf(const Architecture& arch, const std::string& part) {
  const auto& inputs = arch.graph(part + ".synthesis").inputs;
  return codec::Layout(inputs.at(0).channels, inputs.at(1).channels);
}

void InitPrior(const codec::Layout& layout, const std::string& part, ParamStore& params) {
  codec::PriorTables tables;
  tables.scales.assign(static_cast<size_t>(codec::kQpKnots) * layout.channels(), 30);
  tables.shifts.assign(static_cast<size_t>(kQpBands) * codec::kShiftsPerBand, 0);
  tables.depths.assign(static_cast<size_t>(kQpBands) * codec::kDepthsPerBand, 32768);
  tables.low.assign(static_cast<size_t>(kLow) * kNeighbours * kLow, 0);
  SetPrior(tables, part, params);
}

codec::PriorTables PriorTablesOf(const std::string& part, const ParamStore& params) {
  return {WholeNumbers<uint8_t>(params.Get(part + ".scales")),
          WholeNumbers<int8_t>(params.Get(part + ".shifts")),
          WholeNumbers<uint16_t>(params.Get(part + ".depths")),
          WholeNumbers<int8_t>(params.Get(part + ".low"))};
}

void SetPrior(const codec::PriorTables& tables, const std::string& part, ParamStore& params) {
  const auto channels = static_cast<int64_t>(tables.scales.size()) / codec::kQpKnots;
  // Three axes at most: the store lays tensors of four out as weights.
  params.Set(part + ".scales", ToTensor(tables.scales, {codec::kQpKnots, channels}));
  params.Set(part + ".shifts", ToTensor(tables.shifts, {kQpBands, codec::kShiftsPerBand}));
  params.Set(part + ".depths", ToTensor(tables.depths, {kQpBands, codec::kDepthsPerBand}));
  params.Set(part + ".low", ToTensor(tables.low, {kLow, kNeighbours, kLow}));
}

std::map<std::string, RawTensor> PriorTensors(const codec::PriorTables& tables,
                                              const std::string& part) {
  const auto channels = static_cast<int64_t>(tables.scales.size()) / codec::kQpKnots;
  return {
      {part + ".scales", RawTensor::Of("U8", {codec::kQpKnots, channels}, tables.scales)},
      {part + ".shifts",
       RawTensor::Of("I8", {kQpBands, kGroups, kGroups, kContexts}, tables.shifts)},
      {part + ".depths", RawTensor::Of("U16", {kQpBands, kDepthContexts, kGroups}, tables.depths)},
      {part + ".low", RawTensor::Of("I8", {kLow, kNeighbours, kLow}, tables.low)}};
}

codec::PriorTables PriorTablesOf(const TensorFile& file, const std::string& part) {
  return {Values<uint8_t>(file, part + ".scales"), Values<int8_t>(file, part + ".shifts"),
          Values<uint16_t>(file, part + ".depths"), Values<int8_t>(file, part + ".low")};
}

}  // namespace furl::train::squeeze
