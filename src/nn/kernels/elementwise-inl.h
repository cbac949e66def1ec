// quant, add and the digit split over an `Isa` (see conv_block-inl.h); included
// in the same way. Needs 2 * kLanes <= 16 int16 per vector, so that channels
// never end inside one.

template <class Isa>
void QuantPixels(const int16_t* in, const int16_t* offset, int shift, int pixels, int channels,
                 uint8_t* out) {
  constexpr int kStep = 2 * Isa::kLanes;
  static_assert(kStep <= 16);
  // (v >> (shift - 1) + 1) >> 1 rounds like RoundShift. The sum saturates at
  // 32767 only, where both give more than 127.
  const typename Isa::Count count = Isa::MakeCount(shift > 0 ? shift - 1 : 0);
  const typename Isa::S16 one = Isa::Set16(1);
  const size_t total = size_t(pixels) * channels;
  size_t c = 0;
  for (size_t i = 0; i < total; i += kStep) {
    typename Isa::S16 v = Isa::LoadS16(in + i);
    if (offset != nullptr) {
      v = Isa::AddSat(v, Isa::LoadS16(offset + c));
      c = c + kStep == size_t(channels) ? 0 : c + kStep;
    }
    if (shift > 0) v = Isa::Half16(Isa::AddSat(Isa::ShiftRight16(v, count), one));
    Isa::StoreU7(out + i, v, true);
  }
}

template <class Isa>
void AddValues(const int16_t* a, const int16_t* b, size_t count, int16_t* out) {
  for (size_t i = 0; i < count; i += 2 * Isa::kLanes) {
    Isa::StoreS16(out + i, Isa::AddSat(Isa::LoadS16(a + i), Isa::LoadS16(b + i)), true);
  }
}

template <class Isa>
void SplitValues(const int16_t* in, size_t count, uint8_t* high, uint8_t* low) {
  const typename Isa::S16 bottom = Isa::Set16(-8192);
  const typename Isa::S16 top = Isa::Set16(8191);
  const typename Isa::S16 offset = Isa::Set16(8192);
  const typename Isa::S16 mask = Isa::Set16(127);
  const typename Isa::Count seven = Isa::MakeCount(7);
  for (size_t i = 0; i < count; i += 2 * Isa::kLanes) {
    typename Isa::S16 v = Isa::Max16(Isa::Min16(Isa::LoadS16(in + i), top), bottom);
    v = Isa::AddSat(v, offset);
    Isa::StoreU7(high + i, Isa::ShiftRight16(v, seven), true);
    Isa::StoreU7(low + i, Isa::And16(v, mask), true);
  }
}
