#include "toy_family/toy_model.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <string>

#include "base/file.h"
#include "model/graph_description.h"
#include "model/safetensors.h"

namespace furl::test {
namespace {

using model::DType;

constexpr int kChannels = 96;
constexpr int kQps = 64;

// Entries of 1, -1 and 0: row `o` of the transform of the plane that channel `o` belongs to.
int Hadamard(int o, int i) {
  const int first = o < 64 ? 0 : o < 80 ? 64 : 80;
  const int size = o < 64 ? 64 : 16;
  if (i < first || i >= first + size) return 0;
  return std::popcount(static_cast<unsigned>((o - first) & (i - first))) % 2 == 0 ? 1 : -1;
}

// A square map: weights of luma and chroma rows, and what the sum is divided by.
struct Map {
  const char* node;
  int luma, chroma;
  int shift, mult;  // x 2^-shift * mult / 2^15
};
// The sum of 8x8 samples / 8 is orthonormal, of 4x4 samples / 4; latents are in units of 16 / 16.
constexpr Map kMaps[] = {{"all.analysis.map", 1, 2, 4, 4096},
                         {"all.synthesis.map", 32, 64, 3, 16384}};

class ToyModelMaker {
 public:
  std::vector<uint8_t> Make() {
    const std::vector<uint8_t> text =
        ReadFile(std::string(FURL_SOURCE_DIR) + "/tests/toy_family/toy.json", 1 << 20).value();
    model::Architecture arch = model::ParseArchitecture({text.begin(), text.end()}).value();
    for (const Map& map : kMaps) {
      for (auto& [name, graph] : arch.graphs) {
        for (nn::Node& node : graph->nodes) {
          if (node.name == map.node) node.shift = map.shift;
        }
      }
      AddMap(map);
    }
    std::vector<uint16_t> steps;
    for (int qp = 0; qp < kQps; ++qp) {
      steps.push_back(static_cast<uint16_t>(std::lround(32 * std::exp2(qp / 10.0))));
    }
    Add("steps", DType::kU16, {kQps}, steps);
    return model::WriteSafeTensors(
        {{"furl_model", "2"},
         {"family", arch.family},
         {"name", arch.name},
         {"graphs", model::WriteGraphs(arch.graphs, arch.encoder_graphs)}},
        tensors_);
  }

 private:
  template <typename T>
  void Add(const std::string& name, DType dtype, std::vector<int64_t> shape,
           const std::vector<T>& values) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(values.data());
    storage_[name].assign(bytes, bytes + values.size() * sizeof(T));
    tensors_[name] = {dtype, std::move(shape), storage_[name]};
  }

  void AddMap(const Map& map) {
    const std::string node = map.node;
    std::vector<int8_t> weights;
    for (int o = 0; o < kChannels; ++o) {
      for (int i = 0; i < kChannels; ++i) {
        weights.push_back(static_cast<int8_t>(Hadamard(o, i) * (o < 64 ? map.luma : map.chroma)));
      }
    }
    Add(node + ".weight", DType::kI8, {kChannels, 1, 1, kChannels}, weights);
    Add(node + ".bias", DType::kI32, {kChannels}, std::vector<int32_t>(kChannels));
    Add(node + ".mult", DType::kI16, {kChannels},
        std::vector<int16_t>(kChannels, static_cast<int16_t>(map.mult)));
  }

  std::map<std::string, std::vector<uint8_t>> storage_;  // keeps the bytes of tensors_ alive
  std::map<std::string, model::TensorEntry> tensors_;
};

}  // namespace

std::vector<uint8_t> MakeToyModelFile() { return ToyModelMaker().Make(); }

Result<model::ModelPtr> MakeToyModel() { return model::Model::Parse(MakeToyModelFile()); }

}  // namespace furl::test
