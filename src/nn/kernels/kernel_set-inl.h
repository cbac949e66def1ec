// All kernels of one instruction set: included once by a kernels_*.cc, within
// its target region and anonymous namespace, behind the Isa class that says what
// the set's vectors are (kLanes, kMaxPairs and the operations used below).

#include "nn/kernels/conv_block-inl.h"
#include "nn/kernels/elementwise-inl.h"
#include "nn/kernels/lap_edge-inl.h"

template <typename Isa>
constexpr Kernels MakeKernels(QuadOrder order = QuadOrder::kDot) {
  return {
      .pack = {.lanes = Isa::kLanes, .max_pairs = Isa::kMaxPairs, .order = order},
      .conv = ConvRows<Isa>,
      .quant = QuantPixels<Isa>,
      .add = AddValues<Isa>,
      .split = SplitValues<Isa>,
      .lap = LapPositions,
  };
}
