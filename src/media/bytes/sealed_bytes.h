// SealedBytes: what a sealed file holds, as plain bytes (docs/encryption.md).

#ifndef FURL_MEDIA_BYTES_SEALED_BYTES_H_
#define FURL_MEDIA_BYTES_SEALED_BYTES_H_

#include <array>
#include <string>
#include <vector>

#include "media/byte_input.h"
#include "seal/file_key.h"

namespace furl::media {

// A record is opened whole before any of it is given. Of a file that can seek, the last one is
// opened at once, so that a cut is noticed before anything is used. All errors are final.
class SealedBytes : public ByteInput {
 public:
  // `name` is for messages. As FileKey::Open, and kVerifyFailed where the file is cut or its first
  // or last record was changed.
  static Result<ByteInputPtr> Open(ByteInputPtr stored, const std::string& name,
                                   const seal::Secret& secret);

  Result<size_t> Read(int64_t position, std::span<uint8_t> bytes) override;
  bool seekable() const override { return stored_->seekable(); }
  Result<int64_t> Size() override { return size_; }
  std::span<const uint8_t> start() const override { return start_; }

 private:
  struct Record {
    int64_t stored = 0;  // where it begins in the file
    int64_t plain = 0;   // and what it holds in the plain bytes
    seal::RecordHead head;
  };
  struct Opened {
    uint64_t number = UINT64_MAX;
    int64_t begin = 0;  // as Record::plain
    std::vector<uint8_t> bytes;
  };

  SealedBytes(ByteInputPtr stored, std::string name, seal::FileKey key)
      : stored_(std::move(stored)), name_(std::move(name)), key_(std::move(key)) {}

  Status Fail(uint64_t number, int64_t at, const std::string& what);
  Status Fill(uint64_t number, int64_t* at, std::span<uint8_t> bytes);
  Result<seal::RecordHead> ReadHead(uint64_t number, int64_t* at);
  Status OpenRecord(uint64_t number, const Record& record);
  Status MapRecords();
  Status LoadEnds();
  Status Load(uint64_t number);
  Status LoadNext();
  Status CheckEnd();
  Status LoadAt(int64_t position);

  ByteInputPtr stored_;
  std::string name_;
  seal::FileKey key_;
  Status failed_;
  std::vector<uint8_t> start_;
  std::vector<Record> records_;   // of what can seek: all of them
  std::array<Opened, 2> opened_;  // for two readers near each other; the one used last is first
  int64_t size_ = 0;              // plain bytes of all records, as far as they are known
  // Of what can't seek:
  uint64_t come_ = 0;                                              // records
  int64_t next_stored_ = static_cast<int64_t>(seal::kHeaderSize);  // where the next one begins
  bool ended_ = false;                                             // there is none
};

}  // namespace furl::media

#endif  // FURL_MEDIA_BYTES_SEALED_BYTES_H_
