#include "inspect/inspect_json.h"

#include <cmath>
#include <string>
#include <vector>

namespace furl::inspect {
namespace {

using nlohmann::ordered_json;

constexpr const char* kTypeNames[kFrameTypes] = {"I", "P", "B"};

double Tenths(double bits) { return std::round(10 * bits) / 10; }

ordered_json AccountsJson(const std::vector<AccountNumbers>& accounts) {
  ordered_json list = ordered_json::array();
  for (const AccountNumbers& account : accounts) {
    ordered_json object = {
        {"kind", KeyOf(account.kind)}, {"name", account.name}, {"bits", Tenths(account.bits)}};
    if (account.expected) object["expected"] = Tenths(*account.expected);
    list.push_back(std::move(object));
  }
  return list;
}

ordered_json LevelsJson(const Totals& totals) {
  ordered_json list = ordered_json::array();
  for (const auto& [place, level] : totals.levels) {
    ordered_json object = {{"frame_type", kTypeNames[static_cast<int>(place.first)]},
                           {"level", place.second},
                           {"frames", level.frames},
                           {"mean_qp", Tenths(level.qp_sum / static_cast<double>(level.frames))},
                           {"bits", Tenths(level.bits)}};
    for (int k = 0; k < kBitKinds; ++k) {
      object[KeyOf(static_cast<BitKind>(k))] = Tenths(level.kinds[k]);
    }
    list.push_back(std::move(object));
  }
  return list;
}

ordered_json BlockBits(const BitAccount& account) {
  ordered_json list = ordered_json::array();
  for (const uint64_t bits : account.blocks()) {
    list.push_back(std::round(static_cast<double>(bits) / 2.56) / 100);
  }
  return list;
}

}  // namespace

const char* KeyOf(BitKind kind) {
  switch (kind) {
    case BitKind::kMotion: return "motion";
    case BitKind::kSide: return "side";
    case BitKind::kSamples: return "samples";
    case BitKind::kLatents: return "latents";
  }
  return "";
}

ordered_json FrameJson(const Inspection& inspection, const FrameRecord& frame) {
  ordered_json object = {
      {"number", frame.number}, {"coded", frame.coded},
      {"gop", frame.gop},       {"frame_type", kTypeNames[static_cast<int>(frame.header.type)]},
      {"level", frame.level},   {"references", frame.references},
      {"pts", frame.tag.pts},   {"time", inspection.TimeOf(frame)},
      {"qp", frame.header.qp},  {"bytes", frame.bytes}};
  if (!frame.numbers) return object;
  object["mean_qp"] = Tenths(frame.numbers->mean_qp);
  object["framing_bits"] = Tenths(FramingBits(frame));
  object["accounts"] = AccountsJson(frame.numbers->accounts);
  return object;
}

ordered_json BlocksJson(const FrameAnalysis& analysis) {
  ordered_json object = {{"cols", analysis.cols}, {"rows", analysis.rows}, {"qp", analysis.qps}};
  ordered_json accounts = ordered_json::array();
  for (const FrameAccount& account : analysis.accounts) {
    ordered_json one = {
        {"kind", KeyOf(account.kind)}, {"name", account.name}, {"bits", BlockBits(account.bits)}};
    if (account.expected) one["expected"] = BlockBits(*account.expected);
    accounts.push_back(std::move(one));
  }
  object["accounts"] = std::move(accounts);
  return object;
}

ordered_json TotalsJson(const Totals& totals) {
  ordered_json types = ordered_json::object();
  for (int t = 0; t < kFrameTypes; ++t) {
    const TypeTotals& type = totals.types[t];
    if (type.frames == 0) continue;
    types[kTypeNames[t]] = {{"frames", type.frames},
                            {"bytes", type.bytes},
                            {"mean_qp", Tenths(type.qp_sum / static_cast<double>(type.frames))}};
  }
  return {{"frames", totals.frames},
          {"bytes", totals.bytes},
          {"gops", totals.gops},
          {"seconds", totals.seconds},
          {"frame_types", std::move(types)},
          {"analysed_frames", totals.analysed_frames},
          {"analysed_bits", Tenths(totals.analysed_bits)},
          {"framing_bits", Tenths(totals.framing_bits)},
          {"accounts", AccountsJson(totals.accounts)},
          {"levels", LevelsJson(totals)},
          {"grain_bits", Tenths(totals.grain_bits)},
          {"dark_grain_bits", Tenths(totals.dark_grain_bits)},
          {"looked_bits", Tenths(totals.looked_bits)}};
}

ordered_json AdviceJson(const std::vector<Advice>& advice) {
  ordered_json list = ordered_json::array();
  for (const Advice& one : advice) {
    list.push_back({{"id", one.id},
                    {"finding", one.finding},
                    {"advice", one.advice},
                    {"share", std::round(1000 * one.share) / 1000}});
  }
  return list;
}

}  // namespace furl::inspect
