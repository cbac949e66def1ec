// How operators read and write what model files say about their nodes. The
// files' syntax is the model room's, which implements these.

#ifndef FURL_NN_OPS_MODEL_IO_H_
#define FURL_NN_OPS_MODEL_IO_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"

namespace furl::nn {

// The attributes of one node.
class AttributeReader {
 public:
  virtual ~AttributeReader() = default;
  virtual bool Has(const char* key) const = 0;
  // These fail with kInvalidStream where the attribute is missing, of another
  // type or not in [lo, hi].
  virtual Result<int> Int(const char* key, int lo, int hi) const = 0;
  virtual Result<std::string> Text(const char* key) const = 0;
};

class AttributeWriter {
 public:
  virtual ~AttributeWriter() = default;
  virtual void SetInt(const char* key, int value) = 0;
  virtual void SetFlag(const char* key, bool value) = 0;
  virtual void SetText(const char* key, const char* value) = 0;
};

// The tensors of numbers of one node, each named by what follows the node's name.
class NumberReader {
 public:
  virtual ~NumberReader() = default;
  virtual bool Has(const char* suffix) const = 0;
  // The first side of the tensor; 0 where it is missing or has none.
  virtual int64_t Rows(const char* suffix) const = 0;
  // These fill `values` and fail with kInvalidStream where the tensor is
  // missing or not of that type and shape.
  virtual Status Int8(const char* suffix, const std::vector<int64_t>& shape,
                      std::vector<int8_t>* values) const = 0;
  virtual Status Int16(const char* suffix, const std::vector<int64_t>& shape,
                       std::vector<int16_t>* values) const = 0;
  virtual Status Int32(const char* suffix, const std::vector<int64_t>& shape,
                       std::vector<int32_t>* values) const = 0;
};

}  // namespace furl::nn

#endif  // FURL_NN_OPS_MODEL_IO_H_
