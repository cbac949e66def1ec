// The 512-bit vector operations that avx512, vnni and amx share; included like
// conv_block-inl.h. Only Dot, kMaxPairs and Pixels are missing.

struct Avx512Base {
  static constexpr int kLanes = 16;
  using Acc = __m512i;
  using X = __m512i;
  using S16 = __m512i;
  using Count = __m128i;
  struct W {
    __m512i v[2];
  };

  static FURL_NN_INLINE __m512i Load(const void* p) { return _mm512_loadu_si512(p); }
  static FURL_NN_INLINE Acc Zero() { return _mm512_setzero_si512(); }
  static FURL_NN_INLINE Acc LoadAcc(const int32_t* p) { return Load(p); }
  static FURL_NN_INLINE Acc ShiftLeft7Add(Acc a, Acc b) {
    return _mm512_add_epi32(_mm512_slli_epi32(a, 7), b);
  }
  static FURL_NN_INLINE X Broadcast(const uint8_t* p) {
    int32_t quad;
    std::memcpy(&quad, p, 4);
    return _mm512_set1_epi32(quad);
  }
  static FURL_NN_INLINE W LoadW(const int8_t* p) { return {{Load(p), Load(p + 64)}}; }
  static FURL_NN_INLINE Count MakeCount(int n) { return _mm_cvtsi32_si128(n); }
  static FURL_NN_INLINE S16 Narrow(Acc a0, Acc a1, Count n) {
    return _mm512_packs_epi32(_mm512_sra_epi32(a0, n), _mm512_sra_epi32(a1, n));
  }
  static FURL_NN_INLINE S16 Scale(S16 t, S16 mult) { return _mm512_mulhrs_epi16(t, mult); }
  static FURL_NN_INLINE S16 LoadS16(const int16_t* p) { return Load(p); }
  static FURL_NN_INLINE S16 AddSat(S16 a, S16 b) { return _mm512_adds_epi16(a, b); }
  // Where `full` is false only the first 16 channels exist.
  static FURL_NN_INLINE void StoreS16(int16_t* p, S16 v, bool full) {
    if (full) {
      _mm512_storeu_si512(p, v);
    } else {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_castsi512_si256(v));
    }
  }
  static FURL_NN_INLINE void StoreU7(uint8_t* p, S16 v, bool full) {
    v = _mm512_max_epi16(_mm512_min_epi16(v, _mm512_set1_epi16(127)), _mm512_setzero_si512());
    const __m256i bytes = _mm512_cvtepi16_epi8(v);
    if (full) {
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), bytes);
    } else {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_castsi256_si128(bytes));
    }
  }
};
