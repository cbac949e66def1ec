// Tensor files that own their bytes, for checkpoints (F32, F16) and exported
// models (integers). The format itself is model/safetensors.h.

#ifndef FURL_TRAIN_NETWORK_SAFETENSORS_H_
#define FURL_TRAIN_NETWORK_SAFETENSORS_H_

#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "base/status.h"

namespace furl::train {

struct RawTensor {
  std::string dtype;  // "F32", "F16", "I8", "U8", "I16", "U16", "I32"
  std::vector<int64_t> shape;
  std::vector<uint8_t> bytes;  // little endian

  template <typename T>
  static RawTensor Of(const char* dtype, std::vector<int64_t> shape, const std::vector<T>& values) {
    const auto* first = reinterpret_cast<const uint8_t*>(values.data());
    return {dtype, std::move(shape), {first, first + values.size() * sizeof(T)}};
  }
};

struct TensorFile {
  std::map<std::string, RawTensor> tensors;
  std::map<std::string, std::string> metadata;
};

// The values of a tensor that is there, of its own type T.
template <typename T>
std::vector<T> Values(const TensorFile& file, const std::string& name) {
  const RawTensor& raw = file.tensors.at(name);
  std::vector<T> values(raw.bytes.size() / sizeof(T));
  std::memcpy(values.data(), raw.bytes.data(), values.size() * sizeof(T));
  return values;
}

// Writes under a temporary name and renames, so a kill leaves the old file.
Status WriteTensorFile(const std::string& path, const TensorFile& file);
Result<TensorFile> ReadTensorFile(const std::string& path);

}  // namespace furl::train

#endif  // FURL_TRAIN_NETWORK_SAFETENSORS_H_
