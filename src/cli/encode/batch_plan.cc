#include "cli/encode/batch_plan.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "cli/encode/output_template.h"
#include "session/settings_tag.h"

namespace furl::cli {
namespace {

namespace fs = std::filesystem;

bool IsFolder(const std::string& output) {
  std::error_code error;
  return output.ends_with('/') || fs::is_directory(output, error);
}

// A folder's braces are its own; those of a template aren't.
std::string InFolder(const std::string& folder) {
  std::string text;
  for (const char c : folder) text += std::string(c == '{' || c == '}' ? 2 : 1, c);
  return text + "/{dir}/{name}.mkv";
}

Result<OutputTemplate> TemplateOf(const EncodeOptions& options) {
  if (IsFolder(options.output)) return OutputTemplate::Parse(InFolder(options.output));
  if (!OutputTemplate::IsMeant(options.output)) {
    return InvalidArgument("-o " + options.output +
                           " is one file; of several inputs it is a folder or a template like "
                           "'out/{name}.mkv'");
  }
  FURL_ASSIGN_OR_RETURN(OutputTemplate parsed, OutputTemplate::Parse(options.output));
  const bool varies = options.searches_crf() || !options.vbv.empty();
  if (varies && parsed.Has("crf")) {
    return InvalidArgument("-o " + options.output + ": {crf} is known only with --crf");
  }
  return parsed;
}

std::string OutputOf(const OutputTemplate& name, const BatchInput& input, const std::string& index,
                     const EncodeOptions& options) {
  const fs::path path = input.path;
  const std::string ending = path.extension().string();
  return name.Fill({{"name", path.stem().string()},
                    {"ext", ending.empty() ? "" : ending.substr(1)},
                    {"dir", input.folder},
                    {"index", index},
                    {"crf", fmt::format("{}", options.crf)},
                    {"preset", session::PresetName(options.preset)}});
}

// So that two names of one file are one, whether it is there or not.
std::string Identity(const std::string& path) {
  std::error_code error;
  const fs::path absolute = fs::weakly_canonical(path, error);
  return error ? fs::absolute(path, error).lexically_normal().string() : absolute.string();
}

// With as many digits as the last one has, so that names sort as the files do.
std::vector<BatchItem> Fill(const OutputTemplate& name, const std::vector<BatchInput>& inputs,
                            const EncodeOptions& options) {
  const size_t digits = std::to_string(inputs.size()).size();
  std::vector<BatchItem> items;
  for (const BatchInput& input : inputs) {
    const std::string index = fmt::format("{:0{}}", items.size() + 1, digits);
    items.push_back({input.path, OutputOf(name, input, index, options)});
  }
  return items;
}

// That are outputs of other inputs.
void LeaveOutOutputs(const std::vector<BatchItem>& items, std::vector<BatchInput>* inputs) {
  std::set<std::string> outputs;
  for (const BatchItem& item : items) {
    const std::string output = Identity(item.output);
    if (output != Identity(item.input)) outputs.insert(output);
  }
  std::erase_if(*inputs, [&outputs](const BatchInput& input) {
    return input.found && outputs.contains(Identity(input.path));
  });
}

Status CheckDistinct(const std::vector<BatchItem>& items) {
  std::map<std::string, std::string> makers;
  for (const BatchItem& item : items) {
    const auto [maker, first] = makers.emplace(Identity(item.output), item.input);
    if (first) continue;
    return InvalidArgument(maker->second + " and " + item.input + " would both become " +
                           item.output + "; {ext}, {dir} or {index} in -o tells them apart");
  }
  return OkStatus();
}

}  // namespace

bool IsBatch(const std::vector<std::string>& inputs, const std::string& output) {
  if (inputs.size() != 1) return inputs.size() > 1;
  if (inputs[0] == "-") return false;
  return MeansSeveral(inputs[0]) || OutputTemplate::IsMeant(output) || IsFolder(output);
}

Result<std::vector<BatchItem>> PlanBatch(std::vector<BatchInput> inputs,
                                         const EncodeOptions& options) {
  FURL_ASSIGN_OR_RETURN(const OutputTemplate name, TemplateOf(options));
  LeaveOutOutputs(Fill(name, inputs, options), &inputs);
  std::vector<BatchItem> items = Fill(name, inputs, options);
  FURL_RETURN_IF_ERROR(CheckDistinct(items));
  return items;
}

}  // namespace furl::cli
