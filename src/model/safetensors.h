// safetensors, both ways: named raw tensors behind a JSON directory. The layout
// of model files and training checkpoints (docs/model-format.md).

#ifndef FURL_MODEL_SAFETENSORS_H_
#define FURL_MODEL_SAFETENSORS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"

namespace furl::model {

enum class DType : uint8_t { kI8, kU8, kI16, kU16, kI32, kF16, kF32 };

size_t DTypeSize(DType dtype);
const char* DTypeName(DType dtype);  // "I8", ...
std::optional<DType> FindDType(const std::string& name);

struct TensorEntry {
  DType dtype = DType::kU8;
  std::vector<int64_t> shape;     // every side >= 1
  std::span<const uint8_t> data;  // little-endian, row-major; borrowed

  int64_t elements() const;
};

// A parsed file. Owns the bytes that the entries point into.
class SafeTensors {
 public:
  // Files above `max_bytes` are refused before they are looked at. Every
  // inconsistency (lying sizes, gaps, overlaps, unknown types) is kInvalidStream.
  static Result<SafeTensors> Parse(std::vector<uint8_t> bytes, size_t max_bytes = kDefaultMaxBytes);

  static constexpr size_t kDefaultMaxBytes = size_t{64} << 20;
  static constexpr size_t kMaxHeaderBytes = size_t{1} << 20;

  SafeTensors(SafeTensors&&) = default;
  SafeTensors& operator=(SafeTensors&&) = default;

  const std::map<std::string, std::string>& metadata() const { return metadata_; }
  // The metadata text of that key, or an empty string.
  std::string MetadataText(const std::string& key) const;
  const std::map<std::string, TensorEntry>& tensors() const { return tensors_; }
  std::span<const uint8_t> bytes() const { return bytes_; }

  // The tensor of that name and type, or kInvalidStream naming it.
  Result<TensorEntry> Find(const std::string& name, DType dtype,
                           const std::vector<int64_t>& shape) const;

 private:
  SafeTensors() = default;

  std::vector<uint8_t> bytes_;  // a moved vector keeps its address
  std::map<std::string, std::string> metadata_;
  std::map<std::string, TensorEntry> tensors_;
};

// The bytes of a file with these tensors, in the order of their names.
std::vector<uint8_t> WriteSafeTensors(const std::map<std::string, std::string>& metadata,
                                      const std::map<std::string, TensorEntry>& tensors);

}  // namespace furl::model

#endif  // FURL_MODEL_SAFETENSORS_H_
