// ByteInput: the bytes of an input, wherever they come from.

#ifndef FURL_MEDIA_BYTE_INPUT_H_
#define FURL_MEDIA_BYTE_INPUT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "media/media_info.h"
#include "seal/seal_format.h"
#include "seal/secret.h"

namespace furl::media {

class ByteInput {
 public:
  virtual ~ByteInput() = default;

  // Up to bytes.size() bytes from `position` on, counted from the input's beginning: how many, 0 at
  // the end. What can't seek gives what comes next; `position` is then where it stands.
  virtual Result<size_t> Read(int64_t position, std::span<uint8_t> bytes) = 0;

  virtual bool seekable() const = 0;
  // Only where seekable().
  virtual Result<int64_t> Size() = 0;

  // The first bytes, for a look at what it is; Read gives them as well. A few at least, or all
  // there are.
  virtual std::span<const uint8_t> start() const = 0;
};

using ByteInputPtr = std::shared_ptr<ByteInput>;

// Opens a file or, where `path` is "-", standard input, which has given `first` already. What a
// sealed file (docs/encryption.md) holds is given as if it weren't: records are opened as they are
// needed, and nothing is given of one that isn't whole. kIo; of sealed files kInvalidArgument
// without a secret and kVerifyFailed, also while reading, with a wrong one and where they were
// changed.
Result<ByteInputPtr> OpenBytes(const std::string& path, std::vector<uint8_t> first,
                               const CancelFn& cancelled);

// How messages name an input.
std::string InputName(const std::string& path);

// What OpenBytes opens sealed files with from now on, in all of the process; null: they are
// refused. Not while another thread opens one.
void SetInputSecret(seal::SecretPtr secret);

// How a file is sealed; none where it isn't, can't be read, or can't be read twice.
std::optional<seal::SealHeader> SealOf(const std::string& path);

// A file that can be read twice and isn't sealed.
bool IsPlainFile(const std::string& path);

}  // namespace furl::media

#endif  // FURL_MEDIA_BYTE_INPUT_H_
