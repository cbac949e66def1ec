#include "serve/prometheus_text.h"

namespace furl::serve {

void PrometheusText::Begin(std::string_view name, std::string_view type, std::string_view help) {
  name_ = prefix_ + std::string(name);
  text_ += "# HELP " + name_ + " " + std::string(help) + "\n";
  text_ += "# TYPE " + name_ + " " + std::string(type) + "\n";
}

void PrometheusText::Value(std::string_view value, std::string_view labels) {
  text_ += name_;
  if (!labels.empty()) text_ += "{" + std::string(labels) + "}";
  text_ += " " + std::string(value) + "\n";
}

std::string QuotedLabel(std::string_view value) {
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '\n') {
      quoted += "\\n";
    } else {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
  }
  return quoted + '"';
}

}  // namespace furl::serve
