#include "inspect/advice.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string>

namespace furl::inspect {
namespace {

// Below it one frame decides everything.
constexpr int64_t kFewestFrames = 8;

std::string Percent(double share) { return std::to_string(std::lround(100 * share)) + " %"; }

std::string Seconds(double seconds) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f", seconds);
  return text;
}

double Ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

// Of the latents' bits that could be judged, a clean clip has 3 to 28 % in blocks that look like
// grain (crf 40 to 24: its finest texture does), noisy ones, where noise is coded at all, 45 to
// 99 % (results/inspect_grain.csv). Above 40 % noise or what is as hard to code decides the size.
constexpr double kGrainOfLooked = 0.4;
// A fifth of the file is what three steps of crf change: less is not worth a changed picture.
constexpr double kGrainOfAll = 0.2;
// From half of it on it is worth a word where it lies.
constexpr double kMostlyDark = 0.5;

std::optional<Advice> Grain(const Totals& t, const SequenceHeader&) {
  const double share = Ratio(t.grain_bits, t.analysed_bits);
  if (Ratio(t.grain_bits, t.looked_bits) < kGrainOfLooked || share < kGrainOfAll) return {};
  const bool dark = Ratio(t.dark_grain_bits, t.grain_bits) >= kMostlyDark;
  return Advice{"grain",
                Percent(share) + " of the bits are grain or noise" +
                    (dark ? ", most of it in dark areas." : "."),
                "It changes in every frame, so that no prediction helps. Try a crf 4 to 6 "
                "higher, which leaves most of it out" +
                    std::string(dark ? " (in the dark hardly anybody will see it)" : "") +
                    ", or --denoise strong, which takes it away before it is coded; light and "
                    "medium take less.",
                share};
}

// Default settings (GOPs of two seconds) leave 20 to 60 % of a file to key frames. Half of it is
// where GOPs twice as long begin to save a tenth and more.
constexpr double kKeyShare = 0.5;
// GOPs that end before are ended by scene cuts, which no setting changes.
constexpr double kFullGop = 0.8;
// Nobody wants to wait longer for a place to start from.
constexpr double kLongGop = 8;  // seconds

std::optional<Advice> KeyFrames(const Totals& t, const SequenceHeader& header) {
  const TypeTotals& keys = t.types[static_cast<size_t>(FrameType::kI)];
  const double share = Ratio(static_cast<double>(keys.bytes), static_cast<double>(t.bytes));
  const double frames = Ratio(static_cast<double>(t.frames), static_cast<double>(t.gops));
  const double seconds = Ratio(t.seconds, static_cast<double>(t.gops));
  if (keys.frames < 3 || keys.frames == t.frames || share < kKeyShare) return {};
  if (frames < kFullGop * header.gop_length || seconds > kLongGop) return {};
  const double key = static_cast<double>(keys.bytes) / static_cast<double>(keys.frames);
  const double other =
      static_cast<double>(t.bytes - keys.bytes) / static_cast<double>(t.frames - keys.frames);
  const double saved =
      Ratio((key - other) * static_cast<double>(keys.frames) / 2, static_cast<double>(t.bytes));
  const double longer = 2 * header.gop_length / header.frame_rate.value();
  return Advice{
      "key-frames",
      Percent(share) + " of the bits are key frames, one every " + Seconds(seconds) + " seconds.",
      "Try --gop " + Seconds(longer) + ": with half as many the file gets up to " + Percent(saved) +
          " smaller. Players then have fewer places to jump to.",
      share};
}

// Frames that refer to the past alone cost more than B frames, which are between others; below a
// third of the bits it doesn't matter which they are.
constexpr double kLowDelayShare = 0.33;

std::optional<Advice> LowDelay(const Totals& t, const SequenceHeader& header) {
  const double share =
      1 - Ratio(static_cast<double>(t.types[static_cast<size_t>(FrameType::kI)].bytes),
                static_cast<double>(t.bytes));
  if (!header.low_delay || share < kLowDelayShare) return {};
  return Advice{"low-delay",
                "It was made for live use: frames refer only to those before them, and take " +
                    Percent(share) + " of the bits.",
                "Where nobody waits for the picture, leave out --low-delay: frames between others "
                "then need fewer bits.",
                share};
}

// At default quality motion takes 10 to 25 %. Above a third most blocks are vectors with hardly
// anything behind them: the picture is larger than its bits can fill.
constexpr double kMotionShare = 0.35;

std::optional<Advice> Motion(const Totals& t, const SequenceHeader&) {
  const double share = Ratio(t.BitsOf(BitKind::kMotion), t.analysed_bits);
  if (share < kMotionShare) return {};
  return Advice{"motion",
                Percent(share) + " of the bits say how things move, more than in most files.",
                "Little is left for what they look like. A smaller picture (--scale) has fewer "
                "blocks to move; fewer frames (--fps) move less often.",
                share};
}

// Encoders leave out what costs much, so that latents take about what the prior expects: 0.9 to
// 1.08 times in clips of ordinary content (results/inspect_grain.csv).
constexpr double kSurprise = 1.15;
constexpr double kSurprisedShare = 0.3;  // of all bits: below it, it hardly matters

std::optional<Advice> Surprise(const Totals& t, const SequenceHeader&) {
  const double expected = t.ExpectedLatentBits();
  const double bits = t.ForeseenLatentBits();
  const double share = Ratio(bits, t.analysed_bits);
  if (share < kSurprisedShare || bits < kSurprise * expected) return {};
  return Advice{"surprise",
                "What is coded takes " + Percent(bits / expected - 1) +
                    " more bits than the model expected: it was trained on other pictures.",
                "Another model may know them better: `furl models` lists them, --family chooses.",
                share};
}

// QPs of key frames at which a file is at 45 dB or more (crf 20 and below), where differences are
// hard to find even in stills.
constexpr double kFineQp = 16;

std::optional<Advice> Fine(const Totals& t, const SequenceHeader&) {
  const TypeTotals& keys = t.types[static_cast<size_t>(FrameType::kI)];
  if (keys.frames == 0) return {};
  const double qp = keys.qp_sum / static_cast<double>(keys.frames);
  if (qp > kFineQp) return {};
  return Advice{"quality",
                "It is coded very finely: key frames have QP " + std::to_string(std::lround(qp)) +
                    ", finer than most people can see.",
                "Try a crf 6 higher, which about halves the size, and compare "
                "(`furl compare --html`).",
                1};
}

// Headers and side information are about as large in every frame: 2 to 6 % at default quality.
constexpr double kOverhead = 0.15;

std::optional<Advice> Overhead(const Totals& t, const SequenceHeader&) {
  const double share = Ratio(t.framing_bits + t.BitsOf(BitKind::kSide), t.analysed_bits);
  if (share < kOverhead) return {};
  return Advice{"overhead", Percent(share) + " of the bits are headers and side information.",
                "Every frame has them, however small it is: fewer frames (--fps) have fewer.",
                share};
}

constexpr double kSampleShare = 0.4;  // the largest part, as a rule

std::optional<Advice> Samples(const Totals& t, const SequenceHeader&) {
  const double share = Ratio(t.BitsOf(BitKind::kSamples), t.analysed_bits);
  if (share < kSampleShare) return {};
  return Advice{"samples",
                Percent(share) +
                    " of the bits are blocks of text or screens, which are coded in "
                    "samples, nearly without loss.",
                "A higher crf makes their steps coarser. Where text scrolls, fewer frames (--fps) "
                "show less of it anew.",
                share};
}

}  // namespace

std::vector<Advice> AdviceOf(const Totals& totals, const SequenceHeader& header) {
  std::vector<Advice> found;
  if (totals.analysed_frames < kFewestFrames) return found;
  for (const auto rule : {Grain, KeyFrames, LowDelay, Motion, Surprise, Fine, Overhead, Samples}) {
    if (std::optional<Advice> advice = rule(totals, header)) found.push_back(std::move(*advice));
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Advice& a, const Advice& b) { return a.share > b.share; });
  return found;
}

}  // namespace furl::inspect
