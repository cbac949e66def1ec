#include "cli/eval/eval_codecs.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <utility>

#include "codec/enc/encoders.h"
#include "session/model_store.h"

namespace furl::cli {
namespace {

using eval::CodecRequest;

// Models of furl, each prepared once however many codecs use it.
class PreparedModels {
 public:
  explicit PreparedModels(const std::string& explicit_path) : store_(explicit_path) {}

  Result<FamilyEncoderPtr> Get(const std::string& name) {
    FamilyEncoderPtr& family = prepared_[name];
    if (family != nullptr) return family;
    FURL_ASSIGN_OR_RETURN(const model::ModelPtr model, store_.Named(name));
    FURL_ASSIGN_OR_RETURN(family, CreateFamilyEncoder(model));
    return family;
  }

 private:
  session::ModelStore store_;
  std::map<std::string, FamilyEncoderPtr> prepared_;
};

Result<eval::CodecPtr> MakeCodec(const CodecRequest& request, PreparedModels* models) {
  const std::optional<eval::CodecEntry> entry = eval::FindCodec(request.codec);
  eval::FurlChoice furl;
  furl.name = request.name;
  if (entry && entry->takes_model) {
    FURL_ASSIGN_OR_RETURN(furl.family, models->Get(request.model));
  }
  return eval::MakeCodec(request.codec, furl);
}

// The model's id in the settings of a result file, "" where that is none: files are foreign, and
// name no path.
std::string ModelIdOf(const nlohmann::json& settings) {
  if (!settings.is_object() || !settings.contains("model_id")) return "";
  const nlohmann::json& id = settings["model_id"];
  if (!id.is_string() || session::IsModelPath(id.get<std::string>())) return "";
  return id.get<std::string>();
}

// Whether the machine can't do it, in contrast to something being damaged.
bool IsLack(const Status& status) {
  return status.code() == StatusCode::kUnsupported || status.code() == StatusCode::kInvalidArgument;
}

}  // namespace

std::string AnchorName(const EvalOptions& options) {
  const auto request = eval::ParseCodecRequest(options.anchor);
  return request.ok() ? request->name : options.anchor;
}

Result<std::vector<CodecRequest>> EvalRequests(const EvalOptions& options) {
  std::vector<CodecRequest> asked;
  for (const std::string& text : options.codecs) {
    FURL_ASSIGN_OR_RETURN(CodecRequest request, eval::ParseCodecRequest(text));
    FURL_RETURN_IF_ERROR(eval::AddRequest(std::move(request), &asked));
  }
  std::vector<CodecRequest> requests;
  const auto anchor = std::find_if(asked.begin(), asked.end(), [&](const CodecRequest& request) {
    return request.name == options.anchor;
  });
  if (anchor != asked.end()) {
    requests.push_back(*anchor);
  } else {
    FURL_ASSIGN_OR_RETURN(requests.emplace_back(), eval::ParseCodecRequest(options.anchor));
  }
  for (const CodecRequest& request : asked) {
    FURL_RETURN_IF_ERROR(eval::AddRequest(request, &requests));
  }
  for (const eval::CodecEntry& entry : eval::AllCodecs()) {
    if (!asked.empty() || !entry.in_default_set) continue;
    FURL_RETURN_IF_ERROR(
        eval::AddRequest({entry.name, entry.name, "", /*optional=*/true}, &requests));
  }
  return requests;
}

std::vector<CodecRequest> RequestsOf(std::span<const eval::ResultFile> files) {
  std::vector<CodecRequest> requests;
  for (const eval::ResultFile& file : files) {
    CodecRequest request = {file.name, file.name, "", /*optional=*/true};
    if (!eval::FindCodec(file.name)) {
      request.codec = eval::FurlCodecOf(file.settings);
      request.model = ModelIdOf(file.settings);
    }
    if (!request.codec.empty()) requests.push_back(std::move(request));
  }
  return requests;
}

Result<std::vector<eval::CodecPtr>> MakeEvalCodecs(const EvalOptions& options,
                                                   std::span<const CodecRequest> requests,
                                                   Console& console) {
  // SVT-AV1 prints on its own; 1 leaves errors.
  setenv("SVT_LOG", "1", /*overwrite=*/0);
  PreparedModels models(options.model);
  std::vector<eval::CodecPtr> codecs;
  for (const CodecRequest& request : requests) {
    auto codec = MakeCodec(request, &models);
    if (!codec.ok() && request.optional && IsLack(codec.status())) {
      console.Notice(codec.status().message() + "; " + request.name + " is left out");
      continue;
    }
    if (!codec.ok()) return codec.status();
    codecs.push_back(std::move(*codec));
  }
  return codecs;
}

}  // namespace furl::cli
