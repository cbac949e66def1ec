// The convolution kernel, written once over a small set of vector operations
// (an `Isa`). Included by each kernels_*.cc inside the target's attributes and
// namespace; no include guard on purpose, and it includes nothing itself.
//
// A block of P positions x kPairs pairs of accumulators stays in registers while
// all segments are walked: per quad, the weights of the pairs are loaded once
// and each position's 4 input bytes are broadcast. Requantization and the
// output form follow without leaving registers.
//
// An Isa has: kLanes, kMaxPairs, Pixels(pairs), types Acc (kLanes int32), X (a
// broadcast quad), W (weights of a pair and quad), S16 (2 * kLanes int16) and
// Count, and the functions used below.

// Calls f<0>() ... f<N - 1>(): unlike an unrolled loop it leaves no variable
// index, so that compilers keep arrays in registers.
template <int N, class F>
FURL_NN_INLINE void Repeat(const F& f) {
  [&]<int... kIndex>(std::integer_sequence<int, kIndex...>) FURL_NN_INLINE_LAMBDA {
    (f.template operator()<kIndex>(), ...);
  }
  (std::make_integer_sequence<int, N>());
}

template <class Isa, int P, int kPairs>
struct Sums {
  typename Isa::Acc acc[P][2 * kPairs];
};

template <class Isa, int P, int kPairs>
FURL_NN_INLINE void Accumulate(const PackedConv& conv, const int8_t* weights, const uint8_t* input,
                               ptrdiff_t row_stride, Sums<Isa, P, kPairs>& sums) {
  constexpr int kPairBytes = 2 * Isa::kLanes * 4;
  const ptrdiff_t step = conv.in_channels;
  const int8_t* w = weights;
  for (int s = 0; s < conv.kernel; ++s) {
    const uint8_t* x = input + s * row_stride;
    for (int q = 0; q < conv.quads; ++q) {
      typename Isa::W pair[kPairs];
      Repeat<kPairs>([&]<int v>()
                         FURL_NN_INLINE_LAMBDA { pair[v] = Isa::LoadW(w + v * kPairBytes); });
      Repeat<P>([&]<int p>() FURL_NN_INLINE_LAMBDA {
        const typename Isa::X xp = Isa::Broadcast(x + p * step);
        Repeat<kPairs>([&]<int v>() FURL_NN_INLINE_LAMBDA {
          Isa::Dot(sums.acc[p][2 * v], sums.acc[p][2 * v + 1], xp, pair[v]);
        });
      });
      w += kPairs * kPairBytes;
      x += 4;
    }
  }
}

// Requantizes 2 * kLanes outputs of one position and writes them in the job's
// form. `residual` and `output` are the offsets of the position's channel 0.
template <class Isa>
FURL_NN_INLINE void Finish(const ConvJob& job, int first_output, typename Isa::Count count,
                           typename Isa::Acc acc0, typename Isa::Acc acc1, ptrdiff_t residual,
                           ptrdiff_t output) {
  const PackedConv& conv = *job.conv;
  const int o = first_output;
  const bool full = o + 2 * Isa::kLanes <= conv.out_channels;
  typename Isa::S16 value =
      Isa::Scale(Isa::Narrow(acc0, acc1, count), Isa::LoadS16(conv.mult.data() + o));
  if (conv.form == ConvForm::kRelu) {
    Isa::StoreU7(static_cast<uint8_t*>(job.output) + output + o, value, full);
    return;
  }
  // Behind a last half pair this reads, and ignores, up to 32 bytes that
  // tensors keep readable.
  if (conv.form == ConvForm::kAdd) {
    value = Isa::AddSat(value, Isa::LoadS16(job.residual + residual + o));
  }
  Isa::StoreS16(static_cast<int16_t*>(job.output) + output + o, value, full);
}

template <class Isa, int P, int kPairs, bool kDigits>
FURL_NN_INLINE void ConvBlock(const ConvJob& job, const PackedConv::Block& block, int y, int x) {
  const PackedConv& conv = *job.conv;
  const int8_t* weights = conv.weights.data() + block.offset;
  const int32_t* bias = job.bias + block.first_output;
  const ptrdiff_t in = y * job.input_row_stride + ptrdiff_t{x} * conv.in_channels;
  Sums<Isa, P, kPairs> sums;
  Repeat<P * 2 * kPairs>([&]<int i>() FURL_NN_INLINE_LAMBDA {
    constexpr int v = i % (2 * kPairs);
    sums.acc[i / (2 * kPairs)][v] = kDigits ? Isa::Zero() : Isa::LoadAcc(bias + v * Isa::kLanes);
  });
  Accumulate<Isa, P, kPairs>(conv, weights, job.input + in, job.input_row_stride, sums);
  if constexpr (kDigits) {
    Repeat<P * 2 * kPairs>([&]<int i>() FURL_NN_INLINE_LAMBDA {
      constexpr int v = i % (2 * kPairs);
      typename Isa::Acc& acc = sums.acc[i / (2 * kPairs)][v];
      acc = Isa::ShiftLeft7Add(acc, Isa::LoadAcc(bias + v * Isa::kLanes));
    });
    Accumulate<Isa, P, kPairs>(conv, weights, job.input_low + in, job.input_row_stride, sums);
  }
  const typename Isa::Count count = Isa::MakeCount(conv.shift);
  Repeat<P>([&]<int p>() FURL_NN_INLINE_LAMBDA {
    const ptrdiff_t at = ptrdiff_t{x + p} * conv.out_channels;
    Repeat<kPairs>([&]<int v>() FURL_NN_INLINE_LAMBDA {
      Finish<Isa>(job, block.first_output + v * 2 * Isa::kLanes, count, sums.acc[p][2 * v],
                  sums.acc[p][2 * v + 1], y * job.residual_row_stride + at,
                  y * job.output_row_stride + at);
    });
  });
}

// The last block of a row overlaps the one before it: an output depends on
// inputs only, so that writing it twice changes nothing.
template <class Isa, int kPairs, bool kDigits>
void ConvBlockRows(const ConvJob& job, const PackedConv::Block& block, int row_begin, int row_end) {
  constexpr int P = Isa::Pixels(kPairs);
  for (int y = row_begin; y < row_end; ++y) {
    if (job.width < P) {
      for (int x = 0; x < job.width; ++x) ConvBlock<Isa, 1, kPairs, kDigits>(job, block, y, x);
      continue;
    }
    for (int x = 0; x < job.width; x += P) {
      const int last = job.width - P;
      ConvBlock<Isa, P, kPairs, kDigits>(job, block, y, x < last ? x : last);
    }
  }
}

template <class Isa, bool kDigits>
void ConvRowsOf(const ConvJob& job, int row_begin, int row_end) {
  for (const PackedConv::Block& block : job.conv->blocks) {
    switch (block.pairs) {
      case 1: ConvBlockRows<Isa, 1, kDigits>(job, block, row_begin, row_end); break;
      case 2:
        if constexpr (Isa::kMaxPairs >= 2) {
          ConvBlockRows<Isa, 2, kDigits>(job, block, row_begin, row_end);
        }
        break;
      default:
        if constexpr (Isa::kMaxPairs >= 3) {
          ConvBlockRows<Isa, 3, kDigits>(job, block, row_begin, row_end);
        }
        break;
    }
  }
}

template <class Isa>
void ConvRows(const ConvJob& job, int row_begin, int row_end) {
  if (job.conv->digits) {
    ConvRowsOf<Isa, true>(job, row_begin, row_end);
  } else {
    ConvRowsOf<Isa, false>(job, row_begin, row_end);
  }
}
