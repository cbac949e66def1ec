#include "codec/enc/stream_header.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "bitstream/sequence_header.h"
#include "codec/families/decoders.h"

namespace furl {

// Key frames alone where the family knows nothing else.
int GopLengthOf(const EncoderSettings& settings, const FamilyTraits& traits) {
  if (!traits.inter) return 1;
  if (settings.base.has_value()) return SequenceHeader::kMaxGopLength;
  const double frames = settings.gop_seconds * settings.frame_rate.value();
  return static_cast<int>(std::clamp(std::round(frames), 1.0, 1.0 * SequenceHeader::kMaxGopLength));
}

Result<std::vector<uint8_t>> StreamHeader(const EncoderSettings& settings,
                                          const FamilyEncoder& family_encoder) {
  const Family& family = *family_encoder.family();
  const std::string& name = family.model().family();
  if (settings.base && !(family.traits().inter && family.traits().motion)) {
    return Unsupported("codec family '" + name + "' can't add to a base");
  }
  const FamilyDecoderRow* row = FindFamily(name);
  if (row == nullptr) return Unsupported("codec family '" + name + "' has no number in streams");
  SequenceHeader header;
  header.family = row->id;
  header.model_id = family.model().id();
  header.format() = settings.format();
  header.gop_length = GopLengthOf(settings, family.traits());
  header.low_delay = settings.low_delay;
  header.macs_per_pixel = static_cast<int>(std::ceil(family.MacsPerPixel()));
  header.base = settings.base;
  return WriteSequenceHeader(header);
}

}  // namespace furl
