#include "model/safetensors.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/checked_math.h"
#include "model/shallow_json.h"

namespace furl::model {
namespace {

using Json = nlohmann::json;

struct DTypeInfo {
  DType dtype;
  const char* name;
  size_t size;
};

constexpr DTypeInfo kDTypes[] = {
    {DType::kI8, "I8", 1},   {DType::kU8, "U8", 1},   {DType::kI16, "I16", 2},
    {DType::kU16, "U16", 2}, {DType::kI32, "I32", 4}, {DType::kF16, "F16", 2},
    {DType::kF32, "F32", 4},
};

Status BadTensor(const std::string& name, const char* why) {
  return InvalidStream("tensor '" + name.substr(0, 80) + "': " + why);
}

constexpr size_t kLengthBytes = 8;  // of the header, at the start of the file
constexpr int kMaxHeaderDepth = 4;  // of its JSON; any valid directory has 3

// The header's text, which lies behind its length.
Result<std::string_view> HeaderText(std::span<const uint8_t> bytes) {
  if (bytes.size() < kLengthBytes) {
    return InvalidStream("model file is shorter than its length field");
  }
  uint64_t size = 0;
  for (int i = kLengthBytes - 1; i >= 0; --i) size = size << 8 | bytes[i];
  if (size > bytes.size() - kLengthBytes) return InvalidStream("model file header is cut off");
  if (size > SafeTensors::kMaxHeaderBytes) return LimitExceeded("model file header above 1 MiB");
  return std::string_view(reinterpret_cast<const char*>(bytes.data()) + kLengthBytes, size);
}

Status ParseMetadata(const JsonValue& json, std::map<std::string, std::string>* metadata) {
  if (json.object() == nullptr) return InvalidStream("model file metadata is not an object");
  for (const auto& [key, value] : *json.object()) {
    if (value.text() == nullptr) return InvalidStream("model file metadata is not text");
    (*metadata)[key] = *value.text();
  }
  return OkStatus();
}

// Where a tensor lies in the data.
struct ByteRange {
  uint64_t begin = 0;
  uint64_t end = 0;
  auto operator<=>(const ByteRange&) const = default;
};

bool ReadRange(const JsonValue& offsets, ByteRange* range) {
  const JsonValue::Array* pair = offsets.array();
  if (pair == nullptr || pair->size() != 2) return false;
  const std::optional<uint64_t> begin = (*pair)[0].natural();
  const std::optional<uint64_t> end = (*pair)[1].natural();
  if (!begin || !end) return false;
  *range = {*begin, *end};
  return true;
}

// Reads one directory entry.
Status ParseEntry(const std::string& name, const JsonValue& json, TensorEntry* entry,
                  ByteRange* range) {
  const JsonValue* dtype = json.Find("dtype");
  const JsonValue* shape = json.Find("shape");
  const JsonValue* offsets = json.Find("data_offsets");
  if (dtype == nullptr || shape == nullptr || offsets == nullptr) {
    return BadTensor(name, "incomplete directory entry");
  }
  if (dtype->text() == nullptr || shape->array() == nullptr || shape->array()->size() > 8 ||
      !ReadRange(*offsets, range)) {
    return BadTensor(name, "malformed directory entry");
  }
  const std::optional<DType> known = FindDType(*dtype->text());
  if (!known) return BadTensor(name, "unknown dtype");
  entry->dtype = *known;

  uint64_t bytes = DTypeSize(*known);
  for (const JsonValue& side : *shape->array()) {
    const std::optional<uint64_t> n = side.natural();
    if (!n) return BadTensor(name, "malformed shape");
    const std::optional<uint64_t> product = CheckedMul(bytes, *n);
    if (*n == 0 || *n > INT32_MAX || !product) return BadTensor(name, "impossible shape");
    bytes = *product;
    entry->shape.push_back(static_cast<int64_t>(*n));
  }
  if (range->end < range->begin || range->end - range->begin != bytes) {
    return BadTensor(name, "size does not match shape");
  }
  return OkStatus();
}

// The tensors must tile the data exactly: no gaps, overlaps or tail.
Status CheckTiling(std::vector<ByteRange> ranges, size_t data_size) {
  std::sort(ranges.begin(), ranges.end());
  uint64_t position = 0;
  for (const ByteRange& range : ranges) {
    if (range.begin != position) return InvalidStream("tensors overlap or leave gaps");
    position = range.end;
  }
  if (position != data_size) return InvalidStream("model file has bytes behind its tensors");
  return OkStatus();
}

}  // namespace

std::optional<DType> FindDType(const std::string& name) {
  for (const DTypeInfo& info : kDTypes) {
    if (name == info.name) return info.dtype;
  }
  return std::nullopt;
}

size_t DTypeSize(DType dtype) {
  for (const DTypeInfo& info : kDTypes) {
    if (info.dtype == dtype) return info.size;
  }
  return 0;
}

const char* DTypeName(DType dtype) {
  for (const DTypeInfo& info : kDTypes) {
    if (info.dtype == dtype) return info.name;
  }
  return "?";
}

int64_t TensorEntry::elements() const {
  int64_t n = 1;
  for (int64_t side : shape) n *= side;
  return n;
}

Result<SafeTensors> SafeTensors::Parse(std::vector<uint8_t> bytes, size_t max_bytes) {
  if (bytes.size() > max_bytes) return LimitExceeded("model file is too large");
  FURL_ASSIGN_OR_RETURN(const std::string_view text, HeaderText(bytes));
  const JsonValue header = ParseShallowJson(text, kMaxHeaderDepth);
  if (header.object() == nullptr) return InvalidStream("model file header is not a JSON object");

  SafeTensors file;
  const size_t data_start = kLengthBytes + text.size();
  file.bytes_ = std::move(bytes);
  const std::span<const uint8_t> data = std::span(file.bytes_).subspan(data_start);
  std::vector<ByteRange> ranges;
  for (const auto& [name, json] : *header.object()) {
    if (name == "__metadata__") {
      FURL_RETURN_IF_ERROR(ParseMetadata(json, &file.metadata_));
      continue;
    }
    TensorEntry entry;
    ByteRange range;
    FURL_RETURN_IF_ERROR(ParseEntry(name, json, &entry, &range));
    if (range.end > data.size()) return BadTensor(name, "lies outside the file");
    entry.data = data.subspan(range.begin, range.end - range.begin);
    ranges.push_back(range);
    file.tensors_[name] = std::move(entry);
  }
  FURL_RETURN_IF_ERROR(CheckTiling(std::move(ranges), data.size()));
  return file;
}

Result<TensorEntry> SafeTensors::Find(const std::string& name, DType dtype,
                                      const std::vector<int64_t>& shape) const {
  const auto it = tensors_.find(name);
  if (it == tensors_.end()) return BadTensor(name, "missing");
  if (it->second.dtype != dtype) return BadTensor(name, "has the wrong dtype");
  if (it->second.shape != shape) return BadTensor(name, "has the wrong shape");
  return it->second;
}

std::string SafeTensors::MetadataText(const std::string& key) const {
  const auto it = metadata_.find(key);
  return it == metadata_.end() ? std::string() : it->second;
}

std::vector<uint8_t> WriteSafeTensors(const std::map<std::string, std::string>& metadata,
                                      const std::map<std::string, TensorEntry>& tensors) {
  Json header = Json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  uint64_t offset = 0;
  for (const auto& [name, entry] : tensors) {
    header[name] = {{"dtype", DTypeName(entry.dtype)},
                    {"shape", entry.shape},
                    {"data_offsets", {offset, offset + entry.data.size()}}};
    offset += entry.data.size();
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');

  std::vector<uint8_t> bytes;
  bytes.reserve(8 + text.size() + offset);
  for (int i = 0; i < 8; ++i)
    bytes.push_back(static_cast<uint8_t>(uint64_t{text.size()} >> (8 * i)));
  bytes.insert(bytes.end(), text.begin(), text.end());
  for (const auto& [name, entry] : tensors) {
    bytes.insert(bytes.end(), entry.data.begin(), entry.data.end());
  }
  return bytes;
}

}  // namespace furl::model
