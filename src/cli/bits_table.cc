#include "cli/bits_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

namespace furl::cli {
namespace {

std::string Percent(double part, double whole) {
  return fmt::format("{:5.1f} %", whole > 0 ? 100 * part / whole : 0);
}

std::string LevelName(FrameType type, int level) {
  switch (type) {
    case FrameType::kI: return "key frames";
    case FrameType::kP: return "P frames";
    case FrameType::kB: return fmt::format("B, level {}", level);
  }
  return "";
}

void PrintKinds(const inspect::Totals& totals, Console& console) {
  console.Print(
      fmt::format("{:<28}{:>8}{:>12}{:>22}\n", "", "share", "bits/frame", "expected by the model"));
  const double frames = static_cast<double>(std::max<int64_t>(totals.analysed_frames, 1));
  const auto line = [&](const std::string& name, double bits, std::optional<double> expected) {
    console.Print(fmt::format("{:<28}{:>8}{:>12.0f}{:>22}\n", name,
                              Percent(bits, totals.analysed_bits), bits / frames,
                              expected ? fmt::format("{:.0f}", *expected / frames) : ""));
  };
  for (int k = 0; k < kBitKinds; ++k) {
    const auto kind = static_cast<BitKind>(k);
    if (totals.BitsOf(kind) == 0) continue;
    line(inspect::NameOf(kind), totals.BitsOf(kind), std::nullopt);
    for (const inspect::AccountNumbers& account : totals.accounts) {
      const bool same = account.name == inspect::NameOf(kind);
      if (account.kind == kind && !same) line("  " + account.name, account.bits, account.expected);
    }
  }
  line("headers and checksums", totals.framing_bits, std::nullopt);
}

void PrintLevels(const inspect::Totals& totals, Console& console) {
  console.Print(fmt::format("\n{:<12}{:>8}{:>6}{:>9}{:>12}{:>9}{:>9}{:>9}{:>9}\n", "", "frames",
                            "QP", "share", "bits/frame", "motion", "side", "samples", "latents"));
  for (const auto& [place, level] : totals.levels) {
    const auto frames = static_cast<double>(level.frames);
    std::string line = fmt::format(
        "{:<12}{:>8}{:>6.1f}{:>9}{:>12.0f}", LevelName(place.first, place.second), level.frames,
        level.qp_sum / frames, Percent(level.bits, totals.analysed_bits), level.bits / frames);
    for (const double bits : level.kinds) line += fmt::format("{:>9}", Percent(bits, level.bits));
    console.Print(line + "\n");
  }
}

}  // namespace

void PrintBits(const inspect::Totals& totals, Console& console) {
  PrintKinds(totals, console);
  PrintLevels(totals, console);
}

}  // namespace furl::cli
