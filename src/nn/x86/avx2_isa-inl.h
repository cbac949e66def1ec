// The 256-bit vector operations that avx2 and avxvnni share; included like
// conv_block-inl.h. Only Dot and Pixels are missing.

struct Avx2Base {
  static constexpr int kLanes = 8;
  static constexpr int kMaxPairs = 1;
  using Acc = __m256i;
  using X = __m256i;
  using S16 = __m256i;
  using Count = __m128i;
  struct W {
    __m256i v[2];
  };

  static FURL_NN_INLINE __m256i Load(const void* p) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(p));
  }
  static FURL_NN_INLINE Acc Zero() { return _mm256_setzero_si256(); }
  static FURL_NN_INLINE Acc LoadAcc(const int32_t* p) { return Load(p); }
  static FURL_NN_INLINE Acc ShiftLeft7Add(Acc a, Acc b) {
    return _mm256_add_epi32(_mm256_slli_epi32(a, 7), b);
  }
  static FURL_NN_INLINE X Broadcast(const uint8_t* p) {
    int32_t quad;
    std::memcpy(&quad, p, 4);
    return _mm256_set1_epi32(quad);
  }
  static FURL_NN_INLINE W LoadW(const int8_t* p) { return {{Load(p), Load(p + 32)}}; }
  static FURL_NN_INLINE Count MakeCount(int n) { return _mm_cvtsi32_si128(n); }
  static FURL_NN_INLINE S16 Narrow(Acc a0, Acc a1, Count n) {
    return _mm256_packs_epi32(_mm256_sra_epi32(a0, n), _mm256_sra_epi32(a1, n));
  }
  static FURL_NN_INLINE S16 Scale(S16 t, S16 mult) { return _mm256_mulhrs_epi16(t, mult); }
  static FURL_NN_INLINE S16 LoadS16(const int16_t* p) { return Load(p); }
  static FURL_NN_INLINE S16 AddSat(S16 a, S16 b) { return _mm256_adds_epi16(a, b); }
  static FURL_NN_INLINE void StoreS16(int16_t* p, S16 v, bool /*full*/) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v);
  }
  static FURL_NN_INLINE void StoreU7(uint8_t* p, S16 v, bool /*full*/) {
    v = _mm256_min_epi16(v, _mm256_set1_epi16(127));
    const __m128i bytes =
        _mm_packus_epi16(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), bytes);
  }
  static FURL_NN_INLINE S16 Set16(int v) { return _mm256_set1_epi16(static_cast<int16_t>(v)); }
  static FURL_NN_INLINE S16 Min16(S16 a, S16 b) { return _mm256_min_epi16(a, b); }
  static FURL_NN_INLINE S16 Max16(S16 a, S16 b) { return _mm256_max_epi16(a, b); }
  static FURL_NN_INLINE S16 And16(S16 a, S16 b) { return _mm256_and_si256(a, b); }
  static FURL_NN_INLINE S16 ShiftRight16(S16 v, Count n) { return _mm256_sra_epi16(v, n); }
  static FURL_NN_INLINE S16 Half16(S16 v) { return _mm256_srai_epi16(v, 1); }
};
