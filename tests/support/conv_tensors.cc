#include "support/conv_tensors.h"

#include "image/coding_scales.h"

namespace furl::test {

using model::DType;

void AddConv(const nn::Node& node, int64_t in, int64_t out, const std::vector<int8_t>& weights,
             const std::vector<int32_t>& bias, int16_t mult, TensorWriter* writer) {
  writer->Add(node.name + ".weight", DType::kI8, {out, node.kernel, node.kernel, in}, weights);
  std::vector<int64_t> shape = {out};
  if (static_cast<int64_t>(bias.size()) > out) shape.insert(shape.begin(), kNumQps);
  writer->Add(node.name + ".bias", DType::kI32, shape, bias);
  writer->Add(node.name + ".mult", DType::kI16, {out}, std::vector<int16_t>(out, mult));
}

void AddRandomConv(const nn::Graph& graph, bool qp, std::mt19937& random, nn::Node* node,
                   TensorWriter* writer) {
  const int in = graph.tensors[node->in[0]].channels;
  const int out = graph.tensors[node->out].channels;
  const bool tail = node->form == nn::ConvForm::kAdd;
  node->shift = node->op == nn::Op::kConv16 ? 9 : 6;
  node->weights.bias_rows = qp ? kNumQps : 1;
  std::vector<int8_t> weights(out * node->kernel * node->kernel * in);
  for (int8_t& w : weights) w = static_cast<int8_t>(Uniform(random, -12, 13));
  std::vector<int32_t> bias(out * (qp ? kNumQps : 1));
  for (int32_t& b : bias) b = Uniform(random, -500, 500);
  AddConv(*node, in, out, weights, bias, static_cast<int16_t>(tail ? 1500 : 12000), writer);
}

}  // namespace furl::test
