// furl's messages (bitstream/user_data.h) in and out of access units of H.264 and H.265, as SEI
// user_data_unregistered.

#ifndef FURL_MEDIA_SEI_USER_DATA_SEI_H_
#define FURL_MEDIA_SEI_USER_DATA_SEI_H_

#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"
#include "media/sei/nal_units.h"

namespace furl::media {

// The packet with a unit for each message before its picture. kUnsupported where it has no picture
// or its lengths are too short for a message.
Result<std::vector<uint8_t>> InsertUserData(const NalForm& form, std::span<const uint8_t> packet,
                                            std::span<const std::vector<uint8_t>> messages);

// Takes furl's messages out of a packet. Other units stay as they are, those with others' messages
// beside furl's as well. Of a packet without any `rest` is empty.
struct UserDataSplit {
  std::vector<std::vector<uint8_t>> messages;
  std::vector<uint8_t> rest;
};
UserDataSplit SplitUserData(const NalForm& form, std::span<const uint8_t> packet);

}  // namespace furl::media

#endif  // FURL_MEDIA_SEI_USER_DATA_SEI_H_
