#include "serve/counters.h"

#include "serve/prometheus_text.h"

namespace furl::serve {
namespace {

// Methods that a client invents would each become a series of their own.
std::string_view KnownMethod(std::string_view method) {
  for (const std::string_view known : {"GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"}) {
    if (method == known) return known;
  }
  return "other";
}

struct RefusalRow {
  Refusal refusal;
  std::string_view name;
};

constexpr RefusalRow kRefusals[] = {
    {Refusal::kMalformedRequest, "malformed_request"},
    {Refusal::kTraversal, "traversal"},
    {Refusal::kHidden, "hidden"},
    {Refusal::kTemporary, "temporary"},
    {Refusal::kNotFound, "not_found"},
    {Refusal::kMethod, "method"},
    {Refusal::kRange, "range"},
    {Refusal::kConnections, "connections"},
    {Refusal::kAddressConnections, "address_connections"},
    {Refusal::kSlowRequest, "slow_request"},
    {Refusal::kSlowReader, "slow_reader"},
};

}  // namespace

std::string_view RefusalName(Refusal refusal) {
  for (const RefusalRow& row : kRefusals) {
    if (row.refusal == refusal) return row.name;
  }
  return "none";
}

void Counters::Add(int64_t* counter, int64_t by) {
  const std::lock_guard<std::mutex> lock(mutex_);
  *counter += by;
}

void Counters::CountAnswer(std::string_view method, int status) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ++answers_[{std::string(KnownMethod(method)), status}];
}

void Counters::CountRefusal(Refusal refusal) {
  if (refusal == Refusal::kNone) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  ++refusals_[refusal];
}

int64_t Counters::answers() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  int64_t answers = 0;
  for (const auto& [key, count] : answers_) answers += count;
  return answers;
}

std::string Counters::Prometheus(std::string_view version, int64_t start) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  PrometheusText text("furl_serve_");
  text.Begin("build_info", "gauge", "The version of furl that serves.");
  text.Value(1, "version=" + QuotedLabel(version));
  text.One("start_time_seconds", "gauge", "When the server began, in seconds since 1970.", start);
  text.One("connections", "gauge", "Connections that are open.", connections_);
  text.One("open_files", "gauge", "Files that are being sent.", open_files_);
  text.One("connections_total", "counter", "Connections that were taken.", connections_total_);
  text.One("response_bytes_total", "counter", "Bytes of bodies handed to the network.", bytes_);
  text.Begin("requests_total", "counter", "Requests that were answered.");
  for (const auto& [key, count] : answers_) {
    text.Value(count, "method=" + QuotedLabel(key.first) +
                          ",code=" + QuotedLabel(std::to_string(key.second)));
  }
  text.Begin("refused_total", "counter", "Connections and requests that were refused, by cause.");
  for (const RefusalRow& row : kRefusals) {  // all, so that rates can be made of the first one
    const auto found = refusals_.find(row.refusal);
    text.Value(found == refusals_.end() ? 0 : found->second, "cause=" + QuotedLabel(row.name));
  }
  return text.Take();
}

}  // namespace furl::serve
