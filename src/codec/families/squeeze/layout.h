// The symbols of a tile of 16x16 luma samples and its chroma (docs/squeeze.md, "Symbols"): those
// of the bottleneck, and behind them those of the detail of its four quarters.

#ifndef FURL_CODEC_FAMILIES_SQUEEZE_LAYOUT_H_
#define FURL_CODEC_FAMILIES_SQUEEZE_LAYOUT_H_

#include <array>
#include <cstdint>
#include <vector>

namespace furl::squeeze {

inline constexpr int kMinBottleneck = 64;  // latents of a tile; a multiple of this, too
inline constexpr int kMaxBottleneck = 256;
inline constexpr int kMaxDetail = 96;  // latents of a quarter, a multiple of 16
inline constexpr int kQuarters = 4;
inline constexpr int kMaxSymbols = kMaxBottleneck + kQuarters * kMaxDetail;

// Symbols of neighbouring energy, coded or left out together: 0..3 are of the bottleneck.
inline constexpr int kGroups = 7;
inline constexpr int kBottleneckGroups = 4;

// Longest run of symbols that are quantized dependently.
inline constexpr int kLongestRun = 256;

class Layout {
 public:
  // Widths within the limits above.
  Layout(int bottleneck, int detail) : bottleneck_(bottleneck), detail_(detail) {
    const int ends[kGroups] = {bottleneck / 32,      bottleneck / 8,        3 * bottleneck / 8,
                               bottleneck,           QuarterEnd(detail, 1), QuarterEnd(detail, 3),
                               QuarterEnd(detail, 8)};
    for (int g = 0; g < kGroups; ++g) ends_[g] = ends[g];
    int group = 0;
    for (int i = 0; i < symbols(); ++i) {
      while (i >= ends_[group]) ++group;
      groups_.push_back(static_cast<uint8_t>(group));
    }
  }

  int bottleneck() const { return bottleneck_; }
  int detail() const { return detail_; }
  // Latents with tables of their own.
  int channels() const { return bottleneck_ + detail_; }
  int symbols() const { return bottleneck_ + kQuarters * detail_; }

  // First symbol behind a group.
  int GroupEnd(int group) const { return ends_[group]; }
  int GroupOf(int symbol) const { return groups_[symbol]; }
  // Symbols of one channel in the quarters of a tile follow each other.
  int ChannelOf(int symbol) const {
    return symbol < bottleneck_ ? symbol : bottleneck_ + (symbol - bottleneck_) / kQuarters;
  }

 private:
  int QuarterEnd(int detail, int eighths) const {
    return bottleneck_ + kQuarters * (detail * eighths / 8);
  }

  int bottleneck_;
  int detail_;
  std::array<int, kGroups> ends_;
  std::vector<uint8_t> groups_;  // by symbol
};

// What a latent of 1 is in units of an orthonormal transform of 8-bit samples.
inline constexpr int kBottleneckUnit = 2;
inline constexpr int kDetailUnit = 4;
inline constexpr int kMaxLatent = 8191;

}  // namespace furl::squeeze

#endif  // FURL_CODEC_FAMILIES_SQUEEZE_LAYOUT_H_
