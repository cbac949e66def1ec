// The convolution kernel on matrix tiles. Included like conv_block-inl.h, with
// the FURL_TILE_* macros defined either as the AMX instructions (kernels_amx.cc)
// or as their emulation (amx_emulation_test.cc), so that the same source is
// tested on machines without AMX.
//
// Tiles 0-3: sums of 2 x (up to 16 positions) x 2 x (16 outputs); tiles 4, 5: 64
// input bytes of up to 16 neighbouring positions each; tiles 6, 7: the weights
// of 64 inputs x 16 outputs. Segments are filled up to 64 bytes with zero
// weights; the input bytes read there belong to the next positions or to the
// readable padding behind a tensor.

#include "nn/kernels/conv_block-inl.h"

struct TileConfig {
  uint8_t palette = 1;
  uint8_t start_row = 0;
  uint8_t reserved[14] = {};
  uint16_t bytes_per_row[16] = {};
  uint8_t rows[16] = {};
};
static_assert(sizeof(TileConfig) == 64);

// [position tile][accumulator][position][lane]
struct alignas(64) TileSums {
  int32_t sum[2][2][16][16];
};

// Sums of one plane for one or two tiles of positions, without bias.
template <bool kTwo>
FURL_NN_INLINE void TileAccumulate(const PackedConv& conv, const int8_t* weights,
                                   const uint8_t* input0, const uint8_t* input1,
                                   ptrdiff_t row_stride, TileSums* out) {
  FURL_TILE_ZERO(0);
  FURL_TILE_ZERO(1);
  if constexpr (kTwo) {
    FURL_TILE_ZERO(2);
    FURL_TILE_ZERO(3);
  }
  const ptrdiff_t step = conv.in_channels;
  const int8_t* w = weights;
  for (int s = 0; s < conv.kernel; ++s) {
    for (int k = 0; k < conv.quads * 4; k += 64) {
      const ptrdiff_t at = s * row_stride + k;
      FURL_TILE_LOAD(6, w, 128);
      FURL_TILE_LOAD(4, input0 + at, step);
      FURL_TILE_DPBUSD(0, 4, 6);
      FURL_TILE_LOAD(7, w + 64, 128);
      FURL_TILE_DPBUSD(1, 4, 7);
      if constexpr (kTwo) {
        FURL_TILE_LOAD(5, input1 + at, step);
        FURL_TILE_DPBUSD(2, 5, 6);
        FURL_TILE_DPBUSD(3, 5, 7);
      }
      w += 16 * 128;
    }
  }
  FURL_TILE_STORE(0, out->sum[0][0], 64);
  FURL_TILE_STORE(1, out->sum[0][1], 64);
  if constexpr (kTwo) {
    FURL_TILE_STORE(2, out->sum[1][0], 64);
    FURL_TILE_STORE(3, out->sum[1][1], 64);
  }
}

// Adds the bias to the sums of `count` positions from x on and writes them.
template <class Isa, bool kDigits>
FURL_NN_INLINE void FinishTile(const ConvJob& job, const PackedConv::Block& block, int y, int x,
                               int count, const int32_t (&sum)[2][16][16],
                               const int32_t (&high)[2][16][16]) {
  const int channels = job.conv->out_channels;
  const int32_t* bias = job.bias + block.first_output;
  const typename Isa::Acc bias0 = Isa::LoadAcc(bias);
  const typename Isa::Acc bias1 = Isa::LoadAcc(bias + Isa::kLanes);
  const typename Isa::Count shift = Isa::MakeCount(job.conv->shift);
  for (int p = 0; p < count; ++p) {
    typename Isa::Acc acc0 = Isa::Add(Isa::LoadAcc(sum[0][p]), bias0);
    typename Isa::Acc acc1 = Isa::Add(Isa::LoadAcc(sum[1][p]), bias1);
    if constexpr (kDigits) {
      acc0 = Isa::ShiftLeft7Add(Isa::LoadAcc(high[0][p]), acc0);
      acc1 = Isa::ShiftLeft7Add(Isa::LoadAcc(high[1][p]), acc1);
    }
    const ptrdiff_t at = ptrdiff_t{x + p} * channels;
    Finish<Isa>(job, block.first_output, shift, acc0, acc1, y * job.residual_row_stride + at,
                y * job.output_row_stride + at);
  }
}

template <class Isa, bool kDigits, bool kTwo>
void TileBlock(const ConvJob& job, const PackedConv::Block& block, int y, int x0, int x1,
               int positions) {
  const PackedConv& conv = *job.conv;
  const int8_t* weights = conv.weights.data() + block.offset;
  const ptrdiff_t row = y * job.input_row_stride;
  const ptrdiff_t at0 = row + ptrdiff_t{x0} * conv.in_channels;
  const ptrdiff_t at1 = row + ptrdiff_t{x1} * conv.in_channels;
  TileSums sums;
  TileSums high;
  if constexpr (kDigits) {
    TileAccumulate<kTwo>(conv, weights, job.input + at0, job.input + at1, job.input_row_stride,
                         &high);
    TileAccumulate<kTwo>(conv, weights, job.input_low + at0, job.input_low + at1,
                         job.input_row_stride, &sums);
  } else {
    TileAccumulate<kTwo>(conv, weights, job.input + at0, job.input + at1, job.input_row_stride,
                         &sums);
  }
  FinishTile<Isa, kDigits>(job, block, y, x0, positions, sums.sum[0], high.sum[0]);
  if constexpr (kTwo) {
    FinishTile<Isa, kDigits>(job, block, y, x1, positions, sums.sum[1], high.sum[1]);
  }
}

// As in ConvBlockRows the last tile of a row overlaps the one before it.
template <class Isa, bool kDigits>
void TileRowsOf(const ConvJob& job, int row_begin, int row_end, int positions) {
  const int last = job.width - positions;
  for (const PackedConv::Block& block : job.conv->blocks) {
    for (int y = row_begin; y < row_end; ++y) {
      for (int x = 0; x < job.width; x += 2 * positions) {
        const int x0 = x < last ? x : last;
        if (x + positions < job.width) {
          const int x1 = x + positions < last ? x + positions : last;
          TileBlock<Isa, kDigits, true>(job, block, y, x0, x1, positions);
        } else {
          TileBlock<Isa, kDigits, false>(job, block, y, x0, x0, positions);
        }
      }
    }
  }
}

template <class Isa>
void TileConvRows(const ConvJob& job, int row_begin, int row_end) {
  const int positions = job.width < 16 ? job.width : 16;
  TileConfig config;
  for (int t = 0; t < 8; ++t) {
    config.bytes_per_row[t] = 64;
    config.rows[t] = static_cast<uint8_t>(t < 6 ? positions : 16);
  }
  FURL_TILE_CONFIG(&config);
  if (job.conv->digits) {
    TileRowsOf<Isa, true>(job, row_begin, row_end, positions);
  } else {
    TileRowsOf<Isa, false>(job, row_begin, row_end, positions);
  }
  FURL_TILE_RELEASE();
}
