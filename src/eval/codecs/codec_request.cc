#include "eval/codecs/codec_request.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "eval/codecs/codec.h"
#include "session/model_store.h"

namespace furl::eval {
namespace {

constexpr size_t kMaxName = 64;
// `furl eval --speed` writes speed/speed.json beside the result files.
constexpr char kSpeedName[] = "speed";

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

std::string DefaultName(const std::string& codec, const std::string& model) {
  if (model.empty()) return codec;
  const bool is_path = session::IsModelPath(model);
  return codec + "-" + (is_path ? std::filesystem::path(model).stem().string() : model);
}

Status CheckName(const CodecRequest& request) {
  const std::string& name = request.name;
  const bool fits = !name.empty() && name.size() <= kMaxName && name[0] != '.' &&
                    name != kSpeedName && std::all_of(name.begin(), name.end(), IsNameCharacter);
  if (!fits) {
    return InvalidArgument("results can't be called '" + name +
                           "' (letters, digits, '.', '_' and '-'); NAME=CODEC gives a name");
  }
  if (name != request.codec && FindCodec(name)) {
    return InvalidArgument("results of " + ToText(request) +
                           " can't have the name of another codec");
  }
  return OkStatus();
}

}  // namespace

Result<CodecRequest> ParseCodecRequest(const std::string& text) {
  CodecRequest request;
  const size_t colon = text.find(':');
  const std::string before = text.substr(0, colon);
  const size_t equals = before.find('=');
  const bool named = equals != std::string::npos;
  request.codec = named ? before.substr(equals + 1) : before;
  if (colon != std::string::npos) request.model = text.substr(colon + 1);
  request.name = named ? before.substr(0, equals) : DefaultName(request.codec, request.model);
  const std::optional<CodecEntry> entry = FindCodec(request.codec);
  if (!entry) {
    return InvalidArgument("no codec " + request.codec + "; furl eval --list shows them");
  }
  if (colon != std::string::npos && request.model.empty()) {
    return InvalidArgument("no model behind the colon of " + text);
  }
  if ((named || !request.model.empty()) && !entry->takes_model) {
    return InvalidArgument(request.codec + " takes no model and no other name");
  }
  if (request.name == request.codec && !request.model.empty()) {
    return InvalidArgument("results of " + text + " need another name than " + request.codec);
  }
  FURL_RETURN_IF_ERROR(CheckName(request));
  return request;
}

std::string ToText(const CodecRequest& request) {
  const bool named = request.name != DefaultName(request.codec, request.model);
  return (named ? request.name + "=" : "") + request.codec +
         (request.model.empty() ? "" : ":" + request.model);
}

Status AddRequest(CodecRequest request, std::vector<CodecRequest>* requests) {
  for (const CodecRequest& other : *requests) {
    if (other.name != request.name) continue;
    if (other.codec == request.codec && other.model == request.model) return OkStatus();
    return InvalidArgument("results of " + ToText(other) + " and " + ToText(request) +
                           " would have the same name; NAME=CODEC gives another");
  }
  requests->push_back(std::move(request));
  return OkStatus();
}

}  // namespace furl::eval
