// Models of which a signature may be required.

#ifndef FURL_SESSION_SIGNED_MODEL_H_
#define FURL_SESSION_SIGNED_MODEL_H_

#include <optional>
#include <string>

#include "base/status.h"
#include "model/model_file.h"
#include "seal/signature.h"

namespace furl::session {

// From now on, in all of the process, models in files are loaded only if the owner of the key
// signed them, as `minisign -Sm MODEL` does; without a key, all are. Not while another thread loads
// one. What is built into the program needs no signature.
void RequireModelKey(const std::optional<seal::PublicKey>& key);

// As model::LoadModel, and kVerifyFailed where a required signature (`path`.minisig) is missing or
// doesn't fit the bytes that are loaded.
Result<model::ModelPtr> LoadModelFile(const std::string& path);

}  // namespace furl::session

#endif  // FURL_SESSION_SIGNED_MODEL_H_
