// The broker's side (sandbox/output_broker.h), and what goes between the two processes: a request
// and its answer, of fixed size, one at a time.

#ifndef FURL_SANDBOX_BROKER_SERVER_H_
#define FURL_SANDBOX_BROKER_SERVER_H_

#include <cstdint>
#include <vector>

#include "base/status.h"
#include "sandbox/output_broker.h"

namespace furl::sandbox {

inline constexpr char kOpen = 'o';    // the answer brings an open file
inline constexpr char kCommit = 'c';  // give the file its name
inline constexpr char kRemove = 'r';  // forget it
inline constexpr char kErase = 'x';   // remove what has its name, and was made here or is timed
inline constexpr char kAppend = 'a';  // the answer brings a file, open behind its end
inline constexpr char kEnd = 'e';     // forget all, and end; there is no answer

struct Request {
  char what;
  uint8_t output = 0;  // which one of those given at the start
  uint8_t overwrite = 0;
  int64_t number = 0;  // of a numbered output, from 1, or the time of a timed one
};

struct Answer {
  int32_t code = 0;         // a StatusCode
  char message[4096] = {};  // ends with a zero; cut if it must be
};

Status ToStatus(const Answer& answer);

// False if there is none. `fd`, unless null, is the open file that came along, else -1.
bool ReceiveAnswer(int socket, Answer* answer, int* fd);

// Answers requests until kEnd comes or the other end of `socket` is closed, then ends the process.
// What has no name by then is removed, or else stays under its temporary name.
[[noreturn]] void ServeOutputs(const std::vector<Output>& outputs, int socket);

}  // namespace furl::sandbox

#endif  // FURL_SANDBOX_BROKER_SERVER_H_
