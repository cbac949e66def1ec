// crop: takes away what a tensor overhangs, so that it meets others of its
// scale. Values move and none changes: the same code serves every target.

#include <cstring>

#include "nn/graph/graph_check.h"
#include "nn/ops/operator.h"
#include "nn/ops/rules.h"

namespace furl::nn {
namespace {

Status Infer(const Graph& /*graph*/, const Node& /*node*/, int /*channels*/, TensorInfo* out) {
  out->rounded_scale = CanonicalRoundedScale(out->scale, 16);
  return OkStatus();
}

void Run(const NodeRun& run, int row_begin, int row_end) {
  const Tensor& in = run.in();
  Tensor* out = run.out;
  const size_t row = size_t(out->width()) * out->channels() * BytesPerValue(out->format());
  for (int y = row_begin; y < row_end; ++y) std::memcpy(out->Bytes(y, 0), in.Bytes(y, 0), row);
}

// The description says the scale again.
Status ReadAttributes(const AttributeReader& from, const TensorInfo& in, Node* /*node*/,
                      int* /*channels*/) {
  FURL_ASSIGN_OR_RETURN(const int scale, from.Int("scale", 4, 64));
  return scale == in.scale ? OkStatus() : InvalidStream("crop must keep the scale");
}

void WriteAttributes(const Node& /*node*/, const TensorInfo& out, AttributeWriter* to) {
  to->SetInt("scale", out.scale);
}

}  // namespace

constexpr Operator kCropOperator = {
    .op = Op::kCrop,
    .name = "crop",
    .infer = Infer,
    .run = Run,
    .read_attributes = ReadAttributes,
    .write_attributes = WriteAttributes,
};

}  // namespace furl::nn
