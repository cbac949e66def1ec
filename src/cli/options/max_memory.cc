#include "cli/options/max_memory.h"

#include <string>

#include "cli/options/parse.h"

namespace furl::cli {

void AddMaxMemory(CLI::App* app, int64_t* bytes) {
  const auto to_bytes = [](std::string& text) {
    const Result<int64_t> parsed = ParseBytes(text);
    if (!parsed.ok()) return parsed.status().message();
    text = std::to_string(*parsed);
    return std::string();
  };
  app->add_option("--max-memory", *bytes,
                  "Most memory for pictures and networks: files that may take more are refused")
      ->transform(CLI::Validator(to_bytes, "SIZE"))
      ->default_str("2Gi");
}

}  // namespace furl::cli
