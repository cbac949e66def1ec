// The decoder as JavaScript calls it: the C interface of furl/furl.h in numbers that fit
// WebAssembly without BigInt, and the bare stream's reader, which that interface leaves to
// programs.
//
// Pointers are addresses in the module's memory; what a call fills is an array or struct of plain
// numbers whose places web/player/decoder.js knows. Times are ticks of the stream's time base as
// doubles, exact below 2^53. A furl_status is the answer of most calls; furl_last_error() has the
// words. Calls come from one thread.

#ifndef FURL_WEB_SRC_FURL_WEB_H_
#define FURL_WEB_SRC_FURL_WEB_H_

#include <furl/furl.h>
#include <stddef.h>
#include <stdint.h>

extern "C" {

// The model's file; null where it is refused. Ends with furl_model_free.
furl_model* web_model_open(const void* data, size_t size);
// Its id, in hexadecimal; valid until the next call.
const char* web_model_id(const furl_model* model);

// What a sequence header says, 20 numbers: width, height, bit depth, low delay, longest GOP,
// multiply-accumulates per pixel, numerator and denominator of frame rate, time base and sample
// aspect, code points of primaries, transfer and matrix, full range, chroma location, of its base
// width, height and bit depth (0: there is none).
#define WEB_STREAM_NUMBERS 20
furl_status web_stream_info(const void* header, size_t size, double numbers[WEB_STREAM_NUMBERS]);
// The id of the model that such a stream needs; valid until the next call.
const char* web_stream_model_id(const void* header, size_t size);

// Opens a decoder, null where it can't be. `conceal`: shows the nearest picture for damaged ones.
// Ends with furl_decoder_close.
furl_decoder* web_decoder_open(const furl_model* model, const void* header, size_t size,
                               int threads, int conceal);
furl_status web_decoder_send(furl_decoder* decoder, const void* data, size_t size, double pts,
                             double duration);

// The next picture of the stream's base, of the size that its header says, with samples laid out as
// web_decoder_receive has them; as furl_decoder_send_base.
furl_status web_decoder_send_base(furl_decoder* decoder, const void* samples, int width, int height,
                                  int bytes_per_sample, double pts, double duration,
                                  int begins_gop);

typedef struct web_picture {
  double pts;
  double duration;
  int32_t width;
  int32_t height;
  int32_t bytes_per_sample;  // 1 at 8 bits, else 2
  int32_t concealed;
} web_picture;

// The next picture in display order, its planes without gaps one after the other, chroma rounded
// up, at `samples`, which has room for `capacity` bytes.
furl_status web_decoder_receive(furl_decoder* decoder, void* samples, size_t capacity,
                                web_picture* picture);

// Six numbers: frames, damaged and concealed ones, hashes checked and failed, missing frames.
#define WEB_STATISTICS_NUMBERS 6
furl_status web_decoder_statistics(const furl_decoder* decoder,
                                   int32_t numbers[WEB_STATISTICS_NUMBERS]);

// A reader of a bare stream, null when there is no memory; furl_reader_append, finish and close do
// the rest.
furl_reader* web_reader_open(void);

typedef struct web_packet {
  double pts;
  double duration;
  const uint8_t* data;  // valid until the next call for this reader
  uint32_t size;
  int32_t key;
} web_packet;

// The next packet; answers as furl_reader_receive.
furl_status web_reader_next(furl_reader* reader, web_packet* packet);
// The sequence header; of size 0 until web_reader_next has passed it.
const uint8_t* web_reader_header(const furl_reader* reader);
size_t web_reader_header_size(const furl_reader* reader);
}

#endif  // FURL_WEB_SRC_FURL_WEB_H_
