// The arithmetic of a lap (docs/numerics.md section 2) across one edge. Plain
// loops without branches that compilers turn into vectors: included by
// ops/lap.cc, where it is the definition, and once more by kernels_*.cc for
// their instruction sets.

inline int16_t Bounded(int32_t v) { return static_cast<int16_t>(Clamp(v, -32768, 32767)); }

// `kSide` lines of kSide samples in front of an edge, and as many behind it. A
// line's i-th sample behind the edge is paired with its i-th in front, counted
// from the edge. Samples [pair][line], weights [kSide][kSide].
template <int kSide>
inline void Turn(const int16_t* weights, int16_t (&front)[kSide][kSide],
                 int16_t (&behind)[kSide][kSide]) {
  int32_t sum[kSide][kSide] = {};
  for (int j = 0; j < kSide; ++j) {
    int32_t difference[kSide];
    for (int line = 0; line < kSide; ++line) {
      difference[line] = Bounded(behind[j][line] - front[j][line]);
    }
    for (int i = 0; i < kSide; ++i) {
      for (int line = 0; line < kSide; ++line) {
        sum[i][line] += weights[i * kSide + j] * difference[line];
      }
    }
  }
  for (int i = 0; i < kSide; ++i) {
    for (int line = 0; line < kSide; ++line) {
      const int32_t turn = (sum[i][line] + (1 << 13)) >> 14;
      front[i][line] = Bounded(front[i][line] - turn);
      behind[i][line] = Bounded(behind[i][line] + turn);
    }
  }
}

// One square of two neighbouring positions. `side_by_side`: front is left of
// behind, else above.
template <int kSide>
inline void LapSquare(const int16_t* weights, bool side_by_side, int16_t* front, int16_t* behind) {
  int16_t a[kSide][kSide];
  int16_t b[kSide][kSide];
  const int along = side_by_side ? 1 : kSide;
  const int across = side_by_side ? kSide : 1;
  for (int i = 0; i < kSide; ++i) {
    for (int line = 0; line < kSide; ++line) {
      a[i][line] = front[(kSide - 1 - i) * along + line * across];
      b[i][line] = behind[i * along + line * across];
    }
  }
  Turn<kSide>(weights, a, b);
  for (int i = 0; i < kSide; ++i) {
    for (int line = 0; line < kSide; ++line) {
      front[(kSide - 1 - i) * along + line * across] = a[i][line];
      behind[i * along + line * across] = b[i][line];
    }
  }
}

inline void LapPositions(const int16_t* weights, bool side_by_side, int16_t* front,
                         int16_t* behind) {
  constexpr int kWide = kLapWideSide;
  constexpr int kNarrow = kLapNarrowSide;
  LapSquare<kWide>(weights, side_by_side, front, behind);
  for (int first = kWide * kWide; first < kLapChannels; first += kNarrow * kNarrow) {
    LapSquare<kNarrow>(weights + kWide * kWide, side_by_side, front + first, behind + first);
  }
}
