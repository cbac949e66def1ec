// The 128-bit vector operations that neon and dotprod share; included like
// conv_block-inl.h. Only X, W, Broadcast, LoadW and Dot are missing.

struct NeonBase {
  static constexpr int kLanes = 4;
  static constexpr int kMaxPairs = 2;
  static constexpr int Pixels(int pairs) { return pairs == 1 ? 8 : 4; }
  using Acc = int32x4_t;
  using S16 = int16x8_t;
  using Count = int;

  static FURL_NN_INLINE Acc Zero() { return vdupq_n_s32(0); }
  static FURL_NN_INLINE Acc LoadAcc(const int32_t* p) { return vld1q_s32(p); }
  static FURL_NN_INLINE Acc ShiftLeft7Add(Acc a, Acc b) { return vaddq_s32(vshlq_n_s32(a, 7), b); }
  static FURL_NN_INLINE Count MakeCount(int n) { return n; }
  static FURL_NN_INLINE S16 Narrow(Acc a0, Acc a1, Count n) {
    const int32x4_t right = vdupq_n_s32(-n);
    return vcombine_s16(vqmovn_s32(vshlq_s32(a0, right)), vqmovn_s32(vshlq_s32(a1, right)));
  }
  // (2 t m + 2^15) >> 16 = (t m + 2^14) >> 15; m is never -32768.
  static FURL_NN_INLINE S16 Scale(S16 t, S16 mult) { return vqrdmulhq_s16(t, mult); }
  static FURL_NN_INLINE S16 LoadS16(const int16_t* p) { return vld1q_s16(p); }
  static FURL_NN_INLINE S16 AddSat(S16 a, S16 b) { return vqaddq_s16(a, b); }
  static FURL_NN_INLINE void StoreS16(int16_t* p, S16 v, bool /*full*/) { vst1q_s16(p, v); }
  static FURL_NN_INLINE void StoreU7(uint8_t* p, S16 v, bool /*full*/) {
    vst1_u8(p, vqmovun_s16(vminq_s16(v, vdupq_n_s16(127))));
  }
  static FURL_NN_INLINE S16 Set16(int v) { return vdupq_n_s16(static_cast<int16_t>(v)); }
  static FURL_NN_INLINE S16 Min16(S16 a, S16 b) { return vminq_s16(a, b); }
  static FURL_NN_INLINE S16 Max16(S16 a, S16 b) { return vmaxq_s16(a, b); }
  static FURL_NN_INLINE S16 And16(S16 a, S16 b) { return vandq_s16(a, b); }
  static FURL_NN_INLINE S16 ShiftRight16(S16 v, Count n) {
    return vshlq_s16(v, vdupq_n_s16(static_cast<int16_t>(-n)));
  }
  static FURL_NN_INLINE S16 Half16(S16 v) { return vshrq_n_s16(v, 1); }
};
