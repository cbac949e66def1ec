// Convolution with the instructions of WebAssembly; included like conv_block-inl.h and behind it.
//
// There is no product of bytes. The fastest there is are products of int16 that are added in pairs,
// one instruction in every engine. So the inputs of some positions are widened to int16 first, and
// then serve all blocks of outputs. The two digits of a conv16 input become one number of 14 bits
// again: its sums are the same modulo 2^32, for half the products.
//
// Engines move all loads of a loop's body to its front, and what then isn't in a register is
// stored and loaded again. The inner loop is as small as it is for their sake: 8 sums, 4 inputs and
// 2 vectors of weights stay in the registers of x86-64. Unrolled once it has half the speed.

constexpr int kWidePositions = 4;  // whose sums are kept in registers
constexpr int kWideTarget = 4096;  // values of a row that are widened at once, if possible
// Room for the row of the shortest chunk there is.
constexpr int kWideRow = (kWidePositions + 2) * kMaxChannels;
static_assert(kWideRow >= kWideTarget);

// The inputs of a chunk of positions: `kernel` rows, each with the border of the chunk.
struct WideRows {
  int16_t values[3][kWideRow];
};

FURL_NN_INLINE void WidenRow(const uint8_t* from, int count, int16_t* to) {
  for (int i = 0; i < count; i += 8) wasm_v128_store(to + i, wasm_u16x8_load8x8(from + i));
}

FURL_NN_INLINE void JoinDigits(const uint8_t* high, const uint8_t* low, int count, int16_t* to) {
  for (int i = 0; i < count; i += 8) {
    const v128_t upper = wasm_i16x8_shl(wasm_u16x8_load8x8(high + i), 7);
    wasm_v128_store(to + i, wasm_v128_or(upper, wasm_u16x8_load8x8(low + i)));
  }
}

// What the outputs of row `y` from position `first` on need.
inline void WidenInputs(const ConvJob& job, int y, int first, int positions, WideRows* wide) {
  const PackedConv& conv = *job.conv;
  const int count = (positions + conv.kernel - 1) * conv.in_channels;
  for (int s = 0; s < conv.kernel; ++s) {
    const ptrdiff_t at = (y + s) * job.input_row_stride + ptrdiff_t{first} * conv.in_channels;
    if (conv.digits) {
      JoinDigits(job.input + at, job.input_low + at, count, wide->values[s]);
    } else {
      WidenRow(job.input + at, count, wide->values[s]);
    }
  }
}

template <int P>
FURL_NN_INLINE void AccumulateWide(const PackedConv& conv, const int8_t* w, const WideRows& wide,
                                   int x, Sums<Simd128, P, 1>& sums) {
  const int channels = conv.in_channels;
  for (int s = 0; s < conv.kernel; ++s) {
    const int16_t* in = wide.values[s] + x * channels;
    const int16_t* end = in + conv.kernel * channels;
#pragma clang loop unroll(disable)
    for (; in != end; in += 2, w += 16) {
      const v128_t w0 = wasm_i16x8_load8x8(w);
      const v128_t w1 = wasm_i16x8_load8x8(w + 8);
      Repeat<P>([&]<int p>() FURL_NN_INLINE_LAMBDA {
        const v128_t pair = wasm_v128_load32_splat(in + p * channels);
        v128_t(&acc)[2] = sums.acc[p];
        acc[0] = wasm_i32x4_add(acc[0], wasm_i32x4_dot_i16x8(pair, w0));
        acc[1] = wasm_i32x4_add(acc[1], wasm_i32x4_dot_i16x8(pair, w1));
      });
    }
  }
}

// Outputs of P positions from `x` of the chunk on, which begins at position `first` of row `y`.
template <int P>
void ConvWideBlock(const ConvJob& job, const PackedConv::Block& block, const WideRows& wide, int y,
                   int first, int x) {
  const PackedConv& conv = *job.conv;
  const int32_t* bias = job.bias + block.first_output;
  Sums<Simd128, P, 1> sums;
  Repeat<P * 2>([&]<int i>() FURL_NN_INLINE_LAMBDA {
    sums.acc[i / 2][i % 2] = wasm_v128_load(bias + i % 2 * Simd128::kLanes);
  });
  AccumulateWide<P>(conv, conv.weights.data() + block.offset, wide, x, sums);
  const Simd128::Count count = Simd128::MakeCount(conv.shift);
  Repeat<P>([&]<int p>() FURL_NN_INLINE_LAMBDA {
    const ptrdiff_t at = ptrdiff_t{first + x + p} * conv.out_channels;
    Finish<Simd128>(job, block.first_output, count, sums.acc[p][0], sums.acc[p][1],
                    y * job.residual_row_stride + at, y * job.output_row_stride + at);
  });
}

// `positions` of row `y` from `first` on. The last block overlaps the one before it, as in
// ConvBlockRows.
inline void ConvWideChunk(const ConvJob& job, int y, int first, int positions) {
  WideRows wide;
  WidenInputs(job, y, first, positions, &wide);
  for (const PackedConv::Block& block : job.conv->blocks) {
    const int last = positions - kWidePositions;
    if (last < 0) {
      for (int x = 0; x < positions; ++x) ConvWideBlock<1>(job, block, wide, y, first, x);
      continue;
    }
    for (int x = 0; x < positions; x += kWidePositions) {
      ConvWideBlock<kWidePositions>(job, block, wide, y, first, std::min(x, last));
    }
  }
}

inline void ConvWideRows(const ConvJob& job, int row_begin, int row_end) {
  const int chunk = std::max(kWidePositions, kWideTarget / job.conv->in_channels - 2);
  for (int y = row_begin; y < row_end; ++y) {
    for (int x = 0; x < job.width; x += chunk) {
      const int first = std::max(0, std::min(x, job.width - kWidePositions));
      ConvWideChunk(job, y, first, std::min(chunk, job.width - first));
    }
  }
}
