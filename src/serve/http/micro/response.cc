#include "serve/http/micro/response.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace furl::serve {
namespace {

// How much of a file is read at once, and kept per connection meanwhile. (Not sendfile: so what was
// sent can be counted, and who takes nothing is noticed.)
constexpr size_t kBlock = size_t{1} << 16;

// A part of a file on its way.
class Transfer {
 public:
  Transfer(OpenedFile file, int64_t offset, int64_t length, Counters* counters,
           std::atomic<int64_t>* sent, std::function<void()> progress)
      : file_(std::move(file)),
        offset_(offset),
        length_(length),
        counters_(counters),
        sent_(sent),
        progress_(std::move(progress)) {
    counters_->ChangeOpenFiles(1);
  }
  ~Transfer() { counters_->ChangeOpenFiles(-1); }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  ssize_t Read(uint64_t position, char* buffer, size_t size) {
    const auto left = static_cast<uint64_t>(length_) - std::min<uint64_t>(position, length_);
    if (left == 0) return MHD_CONTENT_READER_END_OF_STREAM;
    ssize_t got = 0;
    do {
      got = pread(file_.descriptor.get(), buffer, std::min<uint64_t>(size, left),
                  offset_ + static_cast<int64_t>(position));
    } while (got < 0 && errno == EINTR);
    if (got <= 0) return MHD_CONTENT_READER_END_WITH_ERROR;  // the file became shorter
    counters_->CountBytes(got);
    *sent_ += got;
    progress_();
    return got;
  }

 private:
  const OpenedFile file_;
  const int64_t offset_;
  const int64_t length_;
  Counters* const counters_;
  std::atomic<int64_t>* const sent_;
  const std::function<void()> progress_;
};

ssize_t ReadTransfer(void* transfer, uint64_t position, char* buffer, size_t size) {
  return static_cast<Transfer*>(transfer)->Read(position, buffer, size);
}

void FreeTransfer(void* transfer) { delete static_cast<Transfer*>(transfer); }

}  // namespace

ResponsePtr MakeResponse(Answer answer, Counters* counters, std::atomic<int64_t>* sent,
                         std::function<void()> progress) {
  ResponsePtr response;
  if (answer.file && answer.length > 0) {
    auto transfer = std::make_unique<Transfer>(std::move(*answer.file), answer.offset,
                                               answer.length, counters, sent, std::move(progress));
    response.reset(MHD_create_response_from_callback(static_cast<uint64_t>(answer.length), kBlock,
                                                     ReadTransfer, transfer.get(), FreeTransfer));
    if (response != nullptr) transfer.release();
  } else {
    response.reset(MHD_create_response_from_buffer(answer.text.size(), answer.text.data(),
                                                   MHD_RESPMEM_MUST_COPY));
  }
  if (response == nullptr) return nullptr;
  for (const Header& header : answer.headers) {
    if (MHD_add_response_header(response.get(), header.name.c_str(), header.value.c_str()) !=
        MHD_YES) {
      return nullptr;
    }
  }
  return response;
}

}  // namespace furl::serve
