// OutputTemplate: what the outputs of several inputs are called, "out/{name}.mkv".

#ifndef FURL_CLI_ENCODE_OUTPUT_TEMPLATE_H_
#define FURL_CLI_ENCODE_OUTPUT_TEMPLATE_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace furl::cli {

class OutputTemplate {
 public:
  // The words that can stand in braces.
  static constexpr std::string_view kNames[] = {"name", "ext", "dir", "index", "crf", "preset"};

  // Whether a text has a brace, so that it is meant as a template.
  static bool IsMeant(std::string_view text) {
    return text.find_first_of("{}") != std::string_view::npos;
  }

  // "{{" and "}}" are braces. kInvalidArgument for an unknown word, with the nearest, and for a
  // brace alone.
  static Result<OutputTemplate> Parse(std::string_view text);

  bool Has(std::string_view name) const;
  // With the values of these words; one that isn't among them is "". What remains of empty folders
  // ("out//a") is put right.
  std::string Fill(const std::map<std::string_view, std::string>& values) const;

 private:
  struct Part {
    bool is_name = false;
    std::string text;
  };

  std::vector<Part> parts_;
};

}  // namespace furl::cli

#endif  // FURL_CLI_ENCODE_OUTPUT_TEMPLATE_H_
