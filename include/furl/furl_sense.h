/* furlsense: the encoder of furl's sense family for devices with hardly any compute, as a library
 * of its own (libfurlsense, under 100 kB). C interface.
 *
 * Pictures come in as rows of blocks, 16 lines of luma and 8 of each chroma plane at a time, as a
 * camera delivers them; none is kept. Packets come out, one per picture, which any furl decoder
 * with the model takes that the settings name. See docs/sense.md.
 *
 * A complete program: writes a bare stream of packets, each behind its size.
 *
 * @example
 *   #include <furl/furl_sense.h>
 *   #include <stdio.h>
 *   #include <string.h>
 *
 *   int main(void) {
 *     furl_sense_settings settings;
 *     furl_sense_settings_init(&settings, sizeof(settings));
 *     settings.width = 64;
 *     settings.height = 48;
 *     furl_sense_encoder* encoder;
 *     if (furl_sense_open(&encoder, &settings) != FURL_SENSE_OK) return 1;
 *     static uint8_t gray[16 * 64];
 *     for (int t = 0; t < 3; ++t) {
 *       memset(gray, 100 + t, sizeof(gray));
 *       furl_sense_begin_picture(encoder);
 *       for (int y = 0; y < 48; y += 16) {
 *         const furl_sense_rows rows = {.planes = {gray, gray, gray}, .strides = {64, 32, 32}};
 *         furl_sense_push_rows(encoder, &rows);
 *       }
 *       furl_sense_packet packet;
 *       if (furl_sense_end_picture(encoder, t == 2, &packet) != FURL_SENSE_OK) return 1;
 *       printf("%zu bytes%s\n", packet.size, packet.key ? ", a key frame" : "");
 *     }
 *     furl_sense_close(encoder);
 *     return 0;
 *   }
 * @endexample
 *
 * An encoder may be used from any thread, one at a time. Nothing prints, throws or ends the
 * process. Functions refuse NULL and calls out of order with FURL_SENSE_INVALID_ARGUMENT, and
 * after FURL_SENSE_OUT_OF_MEMORY the picture is lost: begin the next, which becomes a key frame.
 */

#ifndef FURL_FURL_SENSE_H_
#define FURL_FURL_SENSE_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define FURL_SENSE_API __attribute__((visibility("default")))
#else
#define FURL_SENSE_API
#endif

typedef enum furl_sense_status {
  FURL_SENSE_OK = 0,
  FURL_SENSE_INVALID_ARGUMENT = -1,
  FURL_SENSE_OUT_OF_MEMORY = -2
} furl_sense_status;

typedef struct furl_sense_settings {
  size_t struct_size; /* set by furl_sense_settings_init */
  int width;          /* of luma, 16 to 16384 */
  int height;
  int bit_depth;      /* 8: samples are uint8_t; 10: uint16_t */
  int crf;            /* 0, a quarter of the samples, to 63, a fiftieth */
  int gop_length;     /* pictures from key frame to key frame, 1 to 65536 */
  int frame_rate_num; /* pictures per second */
  int frame_rate_den;
  uint8_t model_id[16]; /* of the decoder's model: `furl models --json` tells */
  int macs_per_pixel;   /* of that model, rounded up */
  int full_range;       /* 0: limited */
  uint8_t primaries;    /* code points of ITU-T H.273; 2: unspecified */
  uint8_t transfer;
  uint8_t matrix;
} furl_sense_settings;

typedef struct furl_sense_rows {
  const void* planes[3]; /* first sample of the first line, Y, U, V */
  ptrdiff_t strides[3];  /* samples from a line to the next */
} furl_sense_rows;

typedef struct furl_sense_packet {
  const uint8_t* data; /* valid until the next call */
  size_t size;
  int key; /* decoding can begin here */
} furl_sense_packet;

typedef struct furl_sense_encoder furl_sense_encoder;

/* Sets the defaults: 8 bits, crf 40, key frames every 50 pictures, 25 pictures per second. */
FURL_SENSE_API void furl_sense_settings_init(furl_sense_settings* settings, size_t struct_size);

/* `*encoder` is the caller's, and NULL after an error. */
FURL_SENSE_API furl_sense_status furl_sense_open(furl_sense_encoder** encoder,
                                                 const furl_sense_settings* settings);

/* Accepts NULL. */
FURL_SENSE_API void furl_sense_close(furl_sense_encoder* encoder);

/* The stream's header, which a decoder needs once; it lives as long as the encoder. */
FURL_SENSE_API furl_sense_status furl_sense_sequence_header(const furl_sense_encoder* encoder,
                                                            const uint8_t** data, size_t* size);

/* Begins a picture, and gives up one that has not ended. */
FURL_SENSE_API furl_sense_status furl_sense_begin_picture(furl_sense_encoder* encoder);

/* The next 16 lines of luma and 8 of chroma; of the last rows of a picture as many as it has. */
FURL_SENSE_API furl_sense_status furl_sense_push_rows(furl_sense_encoder* encoder,
                                                      const furl_sense_rows* rows);

/* Ends a picture of which all rows have come. `last`: no picture follows. */
FURL_SENSE_API furl_sense_status furl_sense_end_picture(furl_sense_encoder* encoder, int last,
                                                        furl_sense_packet* packet);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* FURL_FURL_SENSE_H_ */
