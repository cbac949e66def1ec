#include "cli/options/parse.h"

#include <charconv>
#include <cmath>
#include <numeric>
#include <string_view>

namespace furl::cli {
namespace {

// Takes a number from the front of `text`; false if there is none.
template <typename T>
bool Take(std::string_view* text, T* value) {
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), *value);
  if (error != std::errc()) return false;
  text->remove_prefix(end - text->data());
  return true;
}

bool TakeChar(std::string_view* text, char c) {
  if (text->empty() || text->front() != c) return false;
  text->remove_prefix(1);
  return true;
}

Status Bad(const std::string& text, const char* expected) {
  return InvalidArgument("\"" + text + "\" is not " + expected);
}

// Takes a number and its factor ("1.5M"); false if there is none.
bool TakeAmount(std::string_view* text, double* value) {
  if (!Take(text, value)) return false;
  if (text->empty()) return true;
  constexpr std::string_view kLetters = "kmgt";
  const char letter = text->front();
  const auto power = kLetters.find(letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter);
  if (power == std::string_view::npos) return true;
  text->remove_prefix(1);
  const double base = TakeChar(text, 'i') ? 1024 : 1000;
  *value *= std::pow(base, static_cast<double>(power) + 1);
  return true;
}

Result<int64_t> WholeAmount(const std::string& text, double value, const char* expected) {
  if (!(value >= 1) || value > 1e15) return Bad(text, expected);
  return static_cast<int64_t>(std::llround(value));
}

}  // namespace

Result<double> ParseTime(const std::string& text) {
  constexpr char kExpected[] = "a time like 90, 1:30 or 0:01:30.5";
  std::string_view rest = text;
  double total = 0;
  for (int part = 0; part < 3; ++part) {
    double value = 0;
    if (!Take(&rest, &value) || value < 0 || !std::isfinite(value)) return Bad(text, kExpected);
    total = total * 60 + value;
    if (rest.empty()) return total;
    if (!TakeChar(&rest, ':')) break;
  }
  return Bad(text, kExpected);
}

Result<Rational> ParseRate(const std::string& text) {
  constexpr char kExpected[] = "a frame rate like 25, 30000/1001 or 29.97";
  std::string_view rest = text;
  int64_t num = 0;
  int64_t den = 1;
  if (Take(&rest, &num) && (rest.empty() || (TakeChar(&rest, '/') && Take(&rest, &den)))) {
    if (!rest.empty() || num < 1 || den < 1 || num > 1000000 || den > 1000000) {
      return Bad(text, kExpected);
    }
    const int64_t divisor = std::gcd(num, den);
    return Rational{num / divisor, den / divisor};
  }
  rest = text;
  double value = 0;
  if (!Take(&rest, &value) || !rest.empty() || !(value > 0.001) || value > 10000) {
    return Bad(text, kExpected);
  }
  for (const int64_t base : {24000, 30000, 60000, 120000}) {
    if (std::abs(value - base / 1001.0) < 0.005) return Rational{base, 1001};
  }
  const auto thousandths = static_cast<int64_t>(std::lround(value * 1000));
  const int64_t divisor = std::gcd(thousandths, int64_t{1000});
  return Rational{thousandths / divisor, 1000 / divisor};
}

Result<Size> ParseSize(const std::string& text, bool proportional) {
  const char* expected =
      proportional ? "a size like 1280x720, 1280x-1 or -1x720" : "a size like 1280x720";
  std::string_view rest = text;
  Size size;
  if (!Take(&rest, &size.width) || !TakeChar(&rest, 'x') || !Take(&rest, &size.height) ||
      !rest.empty()) {
    return Bad(text, expected);
  }
  const int automatic = (size.width == -1) + (size.height == -1);
  const bool fits = (size.width > 0 || size.width == -1) && (size.height > 0 || size.height == -1);
  if (!fits || automatic > (proportional ? 1 : 0)) return Bad(text, expected);
  return size;
}

Result<double> ParseSpan(const std::string& text) {
  constexpr char kExpected[] = "a length of time like 90s, 10m, 1.5h or 30d";
  constexpr double kMost = 10.0 * 365 * 86400;
  constexpr std::string_view kUnits = "smhd";
  constexpr double kSeconds[] = {1, 60, 3600, 86400};
  std::string_view rest = text;
  double value = 0;
  if (!Take(&rest, &value)) return Bad(text, kExpected);
  if (!rest.empty()) {
    const size_t unit = kUnits.find(rest.front());
    if (unit == std::string_view::npos || rest.size() > 1) return Bad(text, kExpected);
    value *= kSeconds[unit];
  }
  if (!(value > 0) || value > kMost) return Bad(text, kExpected);
  return value;
}

Result<int64_t> ParseBitrate(const std::string& text) {
  constexpr char kExpected[] = "a bitrate like 800k or 1.5M (bits per second)";
  std::string_view rest = text;
  double value = 0;
  if (!TakeAmount(&rest, &value) || !rest.empty()) return Bad(text, kExpected);
  return WholeAmount(text, value, kExpected);
}

Result<int64_t> ParseBytes(const std::string& text) {
  constexpr char kExpected[] = "a size like 20M, 1.5G or 700Mi (bytes)";
  std::string_view rest = text;
  double value = 0;
  if (!TakeAmount(&rest, &value)) return Bad(text, kExpected);
  TakeChar(&rest, 'B');
  if (!rest.empty()) return Bad(text, kExpected);
  return WholeAmount(text, value, kExpected);
}

Result<media::CropRect> ParseCrop(const std::string& text) {
  constexpr char kExpected[] = "a crop like 640x360+0+60 or, centered, 640x360";
  std::string_view rest = text;
  media::CropRect crop;
  if (!Take(&rest, &crop.width) || !TakeChar(&rest, 'x') || !Take(&rest, &crop.height)) {
    return Bad(text, kExpected);
  }
  if (!rest.empty() && (!TakeChar(&rest, '+') || !Take(&rest, &crop.x) || !TakeChar(&rest, '+') ||
                        !Take(&rest, &crop.y) || !rest.empty() || crop.x < 0 || crop.y < 0)) {
    return Bad(text, kExpected);
  }
  if (crop.width < 1 || crop.height < 1) return Bad(text, kExpected);
  return crop;
}

}  // namespace furl::cli
