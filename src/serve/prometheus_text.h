// PrometheusText: counters and gauges as Prometheus reads them, format 0.0.4.

#ifndef FURL_SERVE_PROMETHEUS_TEXT_H_
#define FURL_SERVE_PROMETHEUS_TEXT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace furl::serve {

class PrometheusText {
 public:
  // All names begin with it.
  explicit PrometheusText(std::string prefix) : prefix_(std::move(prefix)) {}

  // A name, its type ("counter", "gauge") and what it is.
  void Begin(std::string_view name, std::string_view type, std::string_view help);
  // Of the name begun last. `labels` are name="value", by commas; may be empty.
  void Value(std::string_view value, std::string_view labels = {});
  void Value(int64_t value, std::string_view labels = {}) { Value(std::to_string(value), labels); }
  void One(std::string_view name, std::string_view type, std::string_view help, int64_t value) {
    Begin(name, type, help);
    Value(value);
  }
  std::string Take() { return std::move(text_); }

 private:
  const std::string prefix_;
  std::string name_;
  std::string text_;
};

// A label's value in its quotes.
std::string QuotedLabel(std::string_view value);

}  // namespace furl::serve

#endif  // FURL_SERVE_PROMETHEUS_TEXT_H_
