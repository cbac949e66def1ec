// Builds without libsodium (src/CMakeLists.txt).

#include "seal/file_key.h"
#include "seal/secure_bytes.h"
#include "seal/signature.h"

namespace furl::seal {
namespace {

Status Missing() {
  return Unsupported("this build knows no encryption: libsodium was not there when it was made");
}

}  // namespace

bool CanSeal() { return false; }

void SecureBytes::Wipe::operator()(uint8_t*) const {}  // there are none

Result<SecureBytes> SecureBytes::Create(size_t) { return Missing(); }

Result<FileKey> FileKey::Create(const Secret&, const KeyCost&) { return Missing(); }
Result<FileKey> FileKey::Open(std::span<const uint8_t>, const Secret&) { return Missing(); }

Status FileKey::SealRecord(uint64_t, std::span<const uint8_t>, bool, std::vector<uint8_t>*) const {
  return Missing();
}

Result<std::vector<uint8_t>> FileKey::OpenRecord(uint64_t, const RecordHead&, const FillFn&) const {
  return Missing();
}

Result<PublicKey> ParsePublicKey(std::string_view) { return Missing(); }
Result<Signature> ParseSignature(std::string_view) { return Missing(); }
Status CheckSignature(const PublicKey&, const Signature&, std::span<const uint8_t>) {
  return Missing();
}

}  // namespace furl::seal
