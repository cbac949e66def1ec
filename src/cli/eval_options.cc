#include "cli/eval_options.h"

#include <algorithm>
#include <cstdlib>

#include "cli/model_store.h"
#include "codec/families/families.h"

namespace furl::cli {
namespace {

Result<eval::FurlChoice> FurlFor(const EvalOptions& options,
                                 const std::vector<std::string>& names) {
  eval::FurlChoice furl;
  const bool needed = std::any_of(names.begin(), names.end(),
                                  [](const std::string& name) { return name.starts_with("furl"); });
  if (!needed) return furl;
  FURL_ASSIGN_OR_RETURN(const model::ModelPtr model, ModelStore(options.model).Default());
  FURL_ASSIGN_OR_RETURN(furl.family, CreateFamily(model));
  return furl;
}

}  // namespace

std::vector<std::string> EvalCodecNames(const EvalOptions& options) {
  std::vector<std::string> names = {options.anchor};
  names.insert(names.end(), options.codecs.begin(), options.codecs.end());
  if (options.codecs.empty()) {
    for (const eval::CodecEntry& entry : eval::AllCodecs()) {
      if (entry.in_default_set) names.push_back(entry.name);
    }
  }
  std::vector<std::string> unique;
  for (const std::string& name : names) {
    if (std::find(unique.begin(), unique.end(), name) == unique.end()) unique.push_back(name);
  }
  return unique;
}

Result<std::vector<eval::CodecPtr>> MakeEvalCodecs(const EvalOptions& options,
                                                   const std::vector<std::string>& names,
                                                   Console& console) {
  // SVT-AV1 prints on its own; 1 leaves errors.
  setenv("SVT_LOG", "1", /*overwrite=*/0);
  FURL_ASSIGN_OR_RETURN(const eval::FurlChoice furl, FurlFor(options, names));
  std::vector<eval::CodecPtr> codecs;
  for (const std::string& name : names) {
    auto codec = eval::MakeCodec(name, furl);
    const bool asked = !options.codecs.empty() || name == options.anchor;
    if (!codec.ok() && codec.status().code() == StatusCode::kUnsupported && !asked) {
      console.Notice(codec.status().message() + "; " + name + " is left out");
      continue;
    }
    if (!codec.ok()) return codec.status();
    codecs.push_back(std::move(*codec));
  }
  return codecs;
}

Result<std::vector<const Metric*>> EvalMetrics(const EvalOptions& options) {
  std::vector<const Metric*> metrics;
  for (const std::string& name : options.metrics) {
    const Metric* metric = FindMetric(name);
    if (metric == nullptr) {
      std::string known;
      for (const Metric& one : AllMetrics()) known += " " + std::string(one.name);
      return InvalidArgument("no metric " + name + "; there are" + known);
    }
    if (std::find(metrics.begin(), metrics.end(), metric) == metrics.end()) {
      metrics.push_back(metric);
    }
  }
  return metrics;
}

}  // namespace furl::cli
