#include "session/signed_model.h"

#include <span>
#include <utility>
#include <vector>

#include "base/file.h"

namespace furl::session {
namespace {

std::optional<seal::PublicKey> required_key;

Status CheckSigned(const std::string& path, const seal::PublicKey& key,
                   std::span<const uint8_t> bytes) {
  const std::string name = path + seal::kSignatureSuffix;
  const auto file = ReadFile(name, seal::kMaxSignatureFile);
  if (!file.ok()) {
    return {StatusCode::kVerifyFailed,
            "a signature is required, and can't be read: " + file.status().message()};
  }
  const auto signature =
      seal::ParseSignature({reinterpret_cast<const char*>(file->data()), file->size()});
  if (signature.status().code() == StatusCode::kInvalidStream) {
    return {StatusCode::kVerifyFailed, name + ": " + signature.status().message()};
  }
  FURL_RETURN_IF_ERROR(signature.status());
  return seal::CheckSignature(key, *signature, bytes);
}

}  // namespace

void RequireModelKey(const std::optional<seal::PublicKey>& key) { required_key = key; }

Result<model::ModelPtr> LoadModelFile(const std::string& path) {
  if (!required_key) return model::LoadModel(path);
  FURL_ASSIGN_OR_RETURN(std::vector<uint8_t> bytes,
                        ReadFile(path, model::SafeTensors::kDefaultMaxBytes));
  const std::string name = "model '" + path + "'";
  const Status status = CheckSigned(path, *required_key, bytes);
  if (!status.ok()) return status.WithContext(name);
  auto model = model::Model::Parse(std::move(bytes));
  return model.ok() ? std::move(model) : model.status().WithContext(name);
}

}  // namespace furl::session
