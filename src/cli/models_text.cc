#include "cli/models_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/console.h"
#include "codec/families/decoders.h"

namespace furl::cli {
namespace {

constexpr size_t kColumns = 80;
constexpr size_t kModelIndent = 4;
constexpr size_t kFamilyIndent = 14;

// Characters of UTF-8; a text that is none counts a few columns more or less.
size_t Columns(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool IsOf(const ListedModel& model, const FamilyDecoderRow& family) {
  return model.family == family.name;
}

}  // namespace

std::string Folded(std::string_view words, std::string label, size_t indent) {
  std::string text;
  std::string line = std::move(label);
  line.resize(std::max(line.size(), indent), ' ');
  bool empty = true;  // no word in this line
  while (!words.empty()) {
    const size_t end = std::min(words.find_first_of(" \n\t"), words.size());
    const std::string_view word = words.substr(0, end);
    words.remove_prefix(std::min(end + 1, words.size()));
    if (word.empty()) continue;
    if (!empty && Columns(line) + 1 + Columns(word) > kColumns) {
      text += line + "\n";
      line = std::string(indent, ' ');
      empty = true;
    }
    line.append(empty ? "" : " ").append(word);
    empty = false;
  }
  return text + line + "\n";
}

std::string ModelText(const ListedModel& model) {
  const std::string cost = model.macs_per_pixel
                               ? fmt::format("{:.1f} kMAC/pixel", *model.macs_per_pixel * 1e-3)
                               : "unknown";
  std::string text =
      fmt::format("{} {:<24} {:<10} {:>9}  {:>15}\n", model.is_default ? "*" : " ", model.name,
                  model.family, HumanBytes(static_cast<double>(model.bytes)), cost);
  text += fmt::format("{:{}}{}  {}\n", "", kModelIndent, model.id, model.path);
  if (!model.trained_for.empty()) {
    text += Folded("trained for " + model.trained_for, "", kModelIndent);
  }
  return text;
}

std::string FamilyText(const FamilyDecoderRow& family, const std::vector<ListedModel>& models) {
  std::string words = std::string(family.advice.take) + " " + family.advice.leave;
  const bool installed = std::any_of(models.begin(), models.end(),
                                     [&](const ListedModel& model) { return IsOf(model, family); });
  if (!installed) words += " (No model is installed.)";
  return Folded(words, fmt::format("  {}", family.name), kFamilyIndent);
}

std::vector<FamilyDecoderRow> FamiliesInOrder(const std::vector<ListedModel>& models) {
  const auto rank = [&](const FamilyDecoderRow& family) {
    int best = 2;
    for (const ListedModel& model : models) {
      if (IsOf(model, family)) best = std::min(best, model.is_default ? 0 : 1);
    }
    return best;
  };
  const std::span<const FamilyDecoderRow> rows = AllFamilies();
  std::vector<FamilyDecoderRow> families(rows.begin(), rows.end());
  std::stable_sort(
      families.begin(), families.end(),
      [&](const FamilyDecoderRow& a, const FamilyDecoderRow& b) { return rank(a) < rank(b); });
  return families;
}

}  // namespace furl::cli
