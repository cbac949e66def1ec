#include "inspect/totals.h"

#include <algorithm>

namespace furl::inspect {
namespace {

void AddAccount(const AccountNumbers& numbers, std::vector<AccountNumbers>* accounts) {
  const auto same = [&](const AccountNumbers& a) {
    return a.kind == numbers.kind && a.name == numbers.name;
  };
  const auto found = std::find_if(accounts->begin(), accounts->end(), same);
  if (found == accounts->end()) {
    accounts->push_back(numbers);
    return;
  }
  found->bits += numbers.bits;
  if (numbers.expected) found->expected = found->expected.value_or(0) + *numbers.expected;
}

void AddLevel(const FrameRecord& frame, LevelTotals* level) {
  ++level->frames;
  level->bits += 8 * static_cast<double>(frame.bytes);
  level->qp_sum += frame.header.qp;
  for (const AccountNumbers& account : frame.numbers->accounts) {
    level->kinds[static_cast<size_t>(account.kind)] += account.bits;
  }
}

void AddAnalysed(const FrameRecord& frame, Totals* totals) {
  ++totals->analysed_frames;
  AddLevel(frame, &totals->levels[{frame.header.type, frame.level}]);
  totals->analysed_bits += 8 * static_cast<double>(frame.bytes);
  for (const AccountNumbers& account : frame.numbers->accounts) {
    AddAccount(account, &totals->accounts);
  }
  totals->framing_bits += FramingBits(frame);
  totals->grain_bits += frame.numbers->grain_bits;
  totals->dark_grain_bits += frame.numbers->dark_grain_bits;
  totals->looked_bits += frame.numbers->looked_bits;
}

double Seconds(const Inspection& inspection) {
  int64_t first = INT64_MAX;
  int64_t last = INT64_MIN;
  for (const FrameRecord& frame : inspection.timeline.frames()) {
    first = std::min(first, frame.tag.pts);
    last = std::max(last, frame.tag.pts);
  }
  if (first > last) return 0;
  const double ticks = static_cast<double>(last) - static_cast<double>(first);
  return ticks * inspection.video.time_base.value() + 1 / inspection.header.frame_rate.value();
}

}  // namespace

double Totals::BitsOf(BitKind kind) const {
  double sum = 0;
  for (const AccountNumbers& account : accounts) sum += account.kind == kind ? account.bits : 0;
  return sum;
}

double Totals::ExpectedLatentBits() const {
  double sum = 0;
  for (const AccountNumbers& account : accounts) {
    if (account.kind == BitKind::kLatents) sum += account.expected.value_or(0);
  }
  return sum;
}

double Totals::ForeseenLatentBits() const {
  double sum = 0;
  for (const AccountNumbers& account : accounts) {
    if (account.kind == BitKind::kLatents && account.expected) sum += account.bits;
  }
  return sum;
}

double FramingBits(const FrameRecord& frame) {
  double rest = 8 * static_cast<double>(frame.bytes);
  for (const AccountNumbers& account : frame.numbers->accounts) rest -= account.bits;
  return rest;
}

Totals TotalsOf(const Inspection& inspection) {
  Totals totals;
  totals.gops = inspection.timeline.gops();
  totals.seconds = Seconds(inspection);
  for (const FrameRecord& frame : inspection.timeline.frames()) {
    ++totals.frames;
    totals.bytes += frame.bytes;
    TypeTotals& type = totals.types[static_cast<size_t>(frame.header.type)];
    ++type.frames;
    type.bytes += frame.bytes;
    type.qp_sum += frame.header.qp;
    if (frame.numbers) AddAnalysed(frame, &totals);
  }
  std::stable_sort(
      totals.accounts.begin(), totals.accounts.end(),
      [](const AccountNumbers& a, const AccountNumbers& b) { return a.kind < b.kind; });
  return totals;
}

}  // namespace furl::inspect
