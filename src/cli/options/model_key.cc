#include "cli/options/model_key.h"

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "base/file.h"
#include "media/input_path.h"
#include "session/signed_model.h"

namespace furl::cli {
namespace {

constexpr char kVariable[] = "FURL_MODEL_KEY";

Result<seal::PublicKey> KeyOf(const std::string& text) {
  if (!media::IsFile(text)) {
    auto key = seal::ParsePublicKey(text);
    if (key.status().code() != StatusCode::kInvalidArgument) return key;
    return InvalidArgument(text + " is neither a public key of minisign (RW...) nor a file");
  }
  FURL_ASSIGN_OR_RETURN(const auto bytes, ReadFile(text, seal::kMaxSignatureFile));
  auto key = seal::ParsePublicKey({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  return key.ok() ? key : key.status().WithContext(text);
}

}  // namespace

void AddModelKey(CLI::App* app, std::string* key) {
  app->add_option("--model-key", *key,
                  "Take only models that are signed with this key of minisign: RW..., or a .pub "
                  "file. Else the variable FURL_MODEL_KEY says so");
}

Status TakeModelKey(const std::string& key) {
  const char* variable = std::getenv(kVariable);
  const std::string wanted = key.empty() && variable != nullptr ? variable : key;
  session::RequireModelKey(std::nullopt);
  if (wanted.empty()) return OkStatus();
  FURL_ASSIGN_OR_RETURN(const seal::PublicKey parsed, KeyOf(wanted));
  session::RequireModelKey(parsed);
  const std::string name =
      media::IsFile(wanted) ? std::filesystem::absolute(wanted).string() : wanted;
  setenv(kVariable, name.c_str(), /*overwrite=*/1);
  return OkStatus();
}

}  // namespace furl::cli
