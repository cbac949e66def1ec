#include "model/decoder_part.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/sha256.h"

namespace furl::model {
namespace {

// Tensors of a node are called "<node>.<what>".
void RemoveNode(const std::string& node, std::map<std::string, TensorEntry>* tensors) {
  const std::string prefix = node + ".";
  auto it = tensors->lower_bound(prefix);
  while (it != tensors->end() && it->first.starts_with(prefix)) it = tensors->erase(it);
}

void AppendNumber(uint64_t value, std::vector<uint8_t>* out) {
  for (int i = 0; i < 8; ++i) out->push_back(static_cast<uint8_t>(value >> (8 * i)));
}

void AppendText(std::string_view text, std::vector<uint8_t>* out) {
  AppendNumber(text.size(), out);
  out->insert(out->end(), text.begin(), text.end());
}

}  // namespace

DecoderPart FindDecoderPart(const SafeTensors& file, const GraphSides& sides) {
  DecoderPart part = {file.MetadataText("family"), sides.decoder_text, file.tensors()};
  for (const std::string& node : sides.encoder_nodes) RemoveNode(node, &part.tensors);
  return part;
}

ModelId Identify(const DecoderPart& part) {
  std::vector<uint8_t> text;
  AppendText(part.family, &text);
  AppendText(part.graphs, &text);
  for (const auto& [name, tensor] : part.tensors) {
    AppendText(name, &text);
    AppendText(DTypeName(tensor.dtype), &text);
    AppendNumber(tensor.shape.size(), &text);
    for (const int64_t side : tensor.shape) AppendNumber(static_cast<uint64_t>(side), &text);
    text.insert(text.end(), tensor.data.begin(), tensor.data.end());
  }
  const Sha256Digest digest = Sha256(text);
  ModelId id{};
  std::copy_n(digest.begin(), id.size(), id.begin());
  return id;
}

Result<ModelId> IdentifyFile(std::vector<uint8_t> bytes) {
  FURL_ASSIGN_OR_RETURN(const SafeTensors file, SafeTensors::Parse(std::move(bytes)));
  FURL_ASSIGN_OR_RETURN(const GraphSides sides, SplitGraphs(file.MetadataText("graphs")));
  return Identify(FindDecoderPart(file, sides));
}

}  // namespace furl::model
