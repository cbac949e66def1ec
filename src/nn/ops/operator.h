// Operator: what the network runtime knows about one kind of node. Each has one
// file in nn/ops with its row, and stands in the one list of operators.cc; the
// checks, the plan, the costs and the model description ask the row and know no
// operator by name.

#ifndef FURL_NN_OPS_OPERATOR_H_
#define FURL_NN_OPS_OPERATOR_H_

#include <span>
#include <string_view>

#include "base/aligned_buffer.h"
#include "base/status.h"
#include "nn/graph/graph.h"
#include "nn/kernels/conv_pack.h"
#include "nn/kernels/kernels.h"
#include "nn/ops/model_io.h"
#include "nn/tensor.h"

namespace furl::nn {

// The numbers of a node in the order in which kernels read them.
struct PackedNumbers {
  PackedConv conv;
  AlignedBuffer<int16_t> offset;  // of quant, or empty
};

// One node and the tensors that it works on.
struct NodeRun {
  const Node& node;
  const Kernels* kernels;        // null: the scalar definition
  const PackedNumbers& packed;   // empty without kernels
  int bias_row;                  // below node.weights.bias_rows
  const Tensor* const* tensors;  // by index in the graph
  // Digit planes of input 0, for operators with `on_digits` and kernels.
  const Tensor* high;
  const Tensor* low;
  Tensor* out;  // shares memory with no input

  const Tensor& in(size_t i = 0) const { return *tensors[node.in[i]]; }
};

struct Operator {
  Op op;
  const char* name;  // in model files
  size_t min_inputs = 1;
  size_t max_inputs = 1;
  // Kernels read input 0 as two planes of digits (Kernels::split), made before.
  bool on_digits = false;
  // What a value of the output costs beside `macs` and being stored, counted in
  // multiply-accumulates of a good kernel.
  double extra_work_per_value = 0;

  // Turns `out`, which holds the shape of input 0, into that of the output.
  // The inputs' number is right and each has a shape that some tensor can have.
  // `channels` is what a node asks for whose weights decide. Fails with kInvalidStream.
  Status (*infer)(const Graph& graph, const Node& node, int channels, TensorInfo* out);
  // Whether every number of the node is in range, present and not too many, and
  // no sum can overflow. Shapes are right. Null: the operator has no numbers.
  Status (*check_numbers)(const Node& node, const TensorInfo& in, const TensorInfo& out) = nullptr;

  // Multiply-accumulates per position of the output. Null: none.
  double (*macs)(const Node& node, const TensorInfo& in, const TensorInfo& out) = nullptr;
  // Rows of input 0 above and below its own that a row of the output needs.
  // Null: none. Other inputs are read at the same rows only.
  int (*halo)(const Node& node) = nullptr;

  // Brings a checked node's numbers into the kernels' order. Null: nothing to
  // do. Fails with kOutOfMemory.
  Status (*pack)(const Node& node, const Kernels& kernels, PackedNumbers* packed) = nullptr;
  // Fills rows [row_begin, row_end) of the output, whose shape is set already.
  void (*run)(const NodeRun& run, int row_begin, int row_end);

  // Attributes of a node in a model's description, and numbers in its file; see
  // model_io.h. Null: none. `in` is input 0; `channels` is what `infer` gets.
  Status (*read_attributes)(const AttributeReader& from, const TensorInfo& in, Node* node,
                            int* channels) = nullptr;
  void (*write_attributes)(const Node& node, const TensorInfo& out, AttributeWriter* to) = nullptr;
  // `bias_rows` is 1 or kBiasRows.
  Status (*read_numbers)(const NumberReader& from, const TensorInfo& in, const TensorInfo& out,
                         int bias_rows, Node* node) = nullptr;
};

// Every operator, in the order of Op.
std::span<const Operator* const> Operators();

// The row of an operator, null if there is none.
const Operator* FindOperator(Op op);
const Operator* FindOperator(std::string_view name);

// The row of a checked node.
const Operator& OperatorOf(const Node& node);

// Multiply-accumulates of a node per position of its output.
double MacsPerPosition(const Graph& graph, const Node& node);

// What moving one value costs, in multiply-accumulates of a good kernel.
inline constexpr double kMacsPerMovedValue = 4;

// All work of a node per position of its output, in multiply-accumulates: those it has, what
// storing its values costs, and what its operator says beside.
double WorkPerPosition(const Graph& graph, const Node& node);

// The rows that operators.cc lists.
extern const Operator kConvOperator;
extern const Operator kConv16Operator;
extern const Operator kQuantOperator;
extern const Operator kAddOperator;
extern const Operator kConcatOperator;
extern const Operator kSpaceToDepthOperator;
extern const Operator kDepthToSpaceOperator;
extern const Operator kCropOperator;
extern const Operator kLapOperator;
extern const Operator kMaxPoolOperator;
extern const Operator kUpsampleOperator;
extern const Operator kGateOperator;

}  // namespace furl::nn

#endif  // FURL_NN_OPS_OPERATOR_H_
