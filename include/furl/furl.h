/* furl: a learned video codec. C interface of libfurl.
 *
 * A model is loaded once and shared by any number of decoders and encoders; the
 * first of them prepares it, so the others open at once. A decoder takes packets and gives pictures
 * in display order; an encoder takes pictures in display order and gives packets. Both may answer
 * FURL_TRY_AGAIN: a decoder that has no picture yet wants packets, an encoder without a packet
 * wants pictures. Containers are the caller's business: store the encoder's
 * sequence header once (codec private data) and every packet with its times. A container of furl's
 * own, the bare stream, has a reader and a writer here.
 *
 * A complete loop, coding a few gray pictures and decoding them again. It is
 * compiled and run by the tests.
 *
 * @example
 *   #include <furl/furl.h>
 *   #include <stdio.h>
 *   #include <string.h>
 *
 *   static int fail(const char* where) {
 *     fprintf(stderr, "%s: %s\n", where, furl_last_error());
 *     return 1;
 *   }
 *
 *   // Shows and frees every picture the decoder has ready. How many that are is
 *   // a matter of threads; which and in what order is not.
 *   static furl_status show(furl_decoder* decoder, int* shown) {
 *     furl_frame* frame;
 *     furl_status status;
 *     while ((status = furl_decoder_receive(decoder, &frame)) == FURL_OK) {
 *       furl_picture picture = {.struct_size = sizeof(picture)};
 *       furl_frame_get_picture(frame, &picture);
 *       printf("%lld: %dx%d, first sample %d\n", (long long)picture.pts, picture.width,
 *              picture.height, picture.data[0][0]);
 *       ++*shown;
 *       furl_frame_free(frame);
 *     }
 *     return status;
 *   }
 *
 *   // Gives the decoder what the encoder has ready.
 *   static furl_status move(furl_encoder* encoder, furl_decoder* decoder, int* shown) {
 *     furl_packet packet = {.struct_size = sizeof(packet)};
 *     furl_status status;
 *     while ((status = furl_encoder_receive(encoder, &packet)) == FURL_OK) {
 *       status = furl_decoder_send(decoder, &packet);
 *       if (status != FURL_OK) return status;
 *       if ((status = show(decoder, shown)) != FURL_TRY_AGAIN) return status;
 *     }
 *     return status;
 *   }
 *
 *   int main(int argc, char** argv) {
 *     furl_model* model;
 *     if (argc != 2) return 2;  // usage: example MODEL
 *     if (furl_model_from_file(&model, argv[1]) != FURL_OK) return fail(argv[1]);
 *
 *     furl_encoder_settings settings;
 *     furl_encoder_settings_init(&settings, sizeof(settings));
 *     settings.width = 64;
 *     settings.height = 48;
 *     furl_encoder* encoder;
 *     if (furl_encoder_open(&encoder, &settings, model) != FURL_OK) return fail("encoder");
 *     const uint8_t* header;
 *     size_t header_size;
 *     furl_encoder_sequence_header(encoder, &header, &header_size);
 *     furl_decoder* decoder;
 *     if (furl_decoder_open(&decoder, NULL, model, header, header_size) != FURL_OK) {
 *       return fail("decoder");
 *     }
 *     furl_model_free(model);  // encoder and decoder keep what they need
 *
 *     static uint8_t gray[64 * 48];
 *     int shown = 0;
 *     for (int i = 0; i < 5; ++i) {
 *       memset(gray, 100 + 10 * i, sizeof(gray));
 *       const furl_image image = {.struct_size = sizeof(image),
 *                                 .bytes_per_sample = 1,
 *                                 .planes = {gray, gray, gray},
 *                                 .strides = {64, 32, 32},
 *                                 .pts = i,
 *                                 .duration = 1};
 *       if (furl_encoder_send(encoder, &image) != FURL_OK) return fail("encode");
 *       if (move(encoder, decoder, &shown) != FURL_TRY_AGAIN) return fail("decode");
 *     }
 *     if (furl_encoder_flush(encoder) != FURL_OK) return fail("flush");
 *     if (move(encoder, decoder, &shown) != FURL_END_OF_STREAM) return fail("decode");
 *     if (furl_decoder_flush(decoder) != FURL_OK) return fail("flush");
 *     if (show(decoder, &shown) != FURL_END_OF_STREAM) return fail("decode");
 *     furl_decoder_close(decoder);
 *     furl_encoder_close(encoder);
 *     printf("%d pictures\n", shown);
 *     return shown == 5 ? 0 : 1;
 *   }
 * @endexample
 *
 * Rules of the interface
 *  - Every handle belongs to the caller who got it and is released with its own
 *    function, which accepts NULL. Handles may be used from any thread, one
 *    thread at a time; models and frames by several at once.
 *  - Pictures are planar YUV 4:2:0 at 8 or 10 bit; chroma planes of odd sizes
 *    are rounded up.
 *  - Later versions may append fields to structs with a struct_size. It is the
 *    size the caller was compiled with: settings get it from their init function,
 *    the caller sets it in all others and zeroes what he does not know. The
 *    library reads and writes no byte beyond it.
 *  - user_data goes with a picture from furl_image to furl_packet and from
 *    furl_packet to furl_picture. The library never looks at what it points to;
 *    it is the caller's to free, also where an error or a close leaves the
 *    picture or packet ungiven.
 *  - Nothing prints, throws or ends the process, also where there is no memory
 *    or no thread left. With fewer threads than asked for, or none, the same work
 *    is done with those there are. NULL and senseless arguments
 *    are refused with FURL_ERROR_INVALID_ARGUMENT.
 */

#ifndef FURL_FURL_H_
#define FURL_FURL_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define FURL_API __attribute__((visibility("default")))
#else
#define FURL_API
#endif

/* --- Versions ------------------------------------------------------------ */

/* Version of this interface: raised when something is added; programs compiled
 * for a lower one keep working. */
#define FURL_API_VERSION 1

/* The library's release, "0.1.0". */
FURL_API const char* furl_version(void);
/* FURL_API_VERSION of the library at run time. */
FURL_API int furl_api_version(void);
/* The newest bitstream and model format this library reads, and writes. */
FURL_API int furl_bitstream_version(void);
FURL_API int furl_model_format_version(void);

/* --- Results ------------------------------------------------------------- */

typedef enum furl_status {
  FURL_OK = 0,
  /* Not errors. */
  FURL_TRY_AGAIN = 1,      /* do the other half of the loop first */
  FURL_END_OF_STREAM = 2,  /* after a flush: that was all */
  FURL_NEED_MORE_DATA = 3, /* the bytes end too early */
  /* Errors. */
  FURL_ERROR_INVALID_ARGUMENT = -1,
  FURL_ERROR_INVALID_STREAM = -2, /* damaged, truncated or malformed */
  FURL_ERROR_UNSUPPORTED = -3,    /* valid, but not for this version */
  FURL_ERROR_WRONG_MODEL = -4,    /* the stream needs another model */
  FURL_ERROR_LIMIT_EXCEEDED = -5, /* larger than the settings allow */
  FURL_ERROR_OUT_OF_MEMORY = -6,
  FURL_ERROR_IO = -7,
  FURL_ERROR_VERIFY_FAILED = -8,
  FURL_ERROR_CANCELLED = -9,
  FURL_ERROR_INTERNAL = -10
} furl_status;

/* A short stable name, "invalid_stream"; "unknown" for other numbers. */
FURL_API const char* furl_status_name(furl_status status);
/* What the last call on this thread that returned a negative status complained
 * about. Valid until the next such call on this thread; never NULL. */
FURL_API const char* furl_last_error(void);

/* --- Common types -------------------------------------------------------- */

typedef struct furl_model furl_model;
typedef struct furl_decoder furl_decoder;
typedef struct furl_encoder furl_encoder;
typedef struct furl_frame furl_frame;

typedef struct furl_rational {
  int64_t num;
  int64_t den;
} furl_rational;

/* Code points of ITU-T H.273; 2 is "unspecified". */
typedef struct furl_color {
  uint8_t primaries;
  uint8_t transfer;
  uint8_t matrix;
  uint8_t full_range;      /* 0 or 1 */
  uint8_t chroma_location; /* H.273 ChromaSampleLocType, 255 unspecified */
} furl_color;

/* --- Callbacks ----------------------------------------------------------- */

typedef enum furl_log_level {
  FURL_LOG_WARNING = 1, /* something was damaged or concealed */
  FURL_LOG_INFO = 2     /* how the work is done: model, threads, instruction set */
} furl_log_level;

/* Gets one event as one line without its end; the text ends with the call. It is
 * called on the caller's thread, inside a function that got the handle or its
 * settings, and must not use the handle. */
typedef void (*furl_log_callback)(void* opaque, furl_log_level level, const char* message);

/* Where the samples of decoded pictures live: one block for all planes of a
 * picture. Both functions are set, or both NULL for the library's own memory.
 * They are called from several threads at once and must not use the decoder. */
typedef struct furl_allocator {
  /* `size` bytes at a multiple of `alignment`, or NULL: the picture is then lost with
   * FURL_ERROR_OUT_OF_MEMORY, or concealed. The content may be anything. */
  void* (*allocate)(void* opaque, size_t size, size_t alignment);
  /* Gets each block back once, with its size, when decoder and frames need it no
   * more: after furl_decoder_close where frames live longer. */
  void (*release)(void* opaque, void* memory, size_t size);
  void* opaque;
} furl_allocator;

/* --- Models -------------------------------------------------------------- */

/* Loads and checks a model file. The memory is copied. */
FURL_API furl_status furl_model_from_file(furl_model** model, const char* path);
FURL_API furl_status furl_model_from_memory(furl_model** model, const void* data, size_t size);
/* The model inside the library, which needs no file.
 * FURL_ERROR_UNSUPPORTED in a build without one. */
FURL_API furl_status furl_model_default(furl_model** model);
FURL_API void furl_model_free(furl_model* model);

typedef struct furl_model_info {
  size_t struct_size; /* in: sizeof(furl_model_info) */
  char id[33];        /* hexadecimal; how streams name their model */
  size_t bytes;       /* of the model file */
  const char* family; /* these live as long as the model */
  const char* name;
  const char* card; /* JSON text, may be empty */
} furl_model_info;

FURL_API furl_status furl_model_get_info(const furl_model* model, furl_model_info* info);

/* --- Streams ------------------------------------------------------------- */

/* What a sequence header (codec private data) says. */
typedef struct furl_stream_info {
  size_t struct_size; /* in: sizeof(furl_stream_info) */
  char model_id[33];  /* of the model that decodes it */
  int width;
  int height;
  int bit_depth;
  int low_delay;
  int gop_length;     /* most frames between key frames */
  int macs_per_pixel; /* of the decoder's networks */
  furl_rational frame_rate;
  furl_rational time_base; /* seconds per tick of pts */
  furl_rational sample_aspect;
  furl_color color;
  /* Of the base, whose pictures furl_decoder_send_base takes; 0: the stream stands alone. */
  int base_width;
  int base_height;
  int base_bit_depth;
} furl_stream_info;

/* Needs no model. FURL_NEED_MORE_DATA when the header is truncated. */
FURL_API furl_status furl_read_stream_info(const void* header, size_t size, furl_stream_info* info);

/* --- Frames -------------------------------------------------------------- */

#define FURL_NO_QP (-128)

/* A view of a frame's samples: 16 bits each at every bit depth. Borrowed from
 * the frame. Sample (x, y) of plane p is data[p][y * stride[p] + x]. */
typedef struct furl_picture {
  size_t struct_size; /* in: sizeof(furl_picture) */
  int width;          /* of luma */
  int height;
  int bit_depth;
  const uint16_t* data[3];
  ptrdiff_t stride[3]; /* in samples */
  int64_t pts;         /* in time base ticks, as sent with the packet */
  int64_t duration;
  void* user_data; /* as sent with the packet */
  int qp;          /* of the packet, -16 (best) .. 79; FURL_NO_QP where it is of none */
  int concealed;   /* 1: stands in for a picture that is damaged or missing */
} furl_picture;

FURL_API furl_status furl_frame_get_picture(const furl_frame* frame, furl_picture* picture);

/* Copies the samples to planes of the caller, 1 byte each (8-bit frames only)
 * or 2. Strides are in bytes. */
FURL_API furl_status furl_frame_copy(const furl_frame* frame, int bytes_per_sample,
                                     void* const planes[3], const ptrdiff_t strides[3]);

FURL_API void furl_frame_free(furl_frame* frame);

/* A picture of the caller. Who takes it says its size and bit depth. */
typedef struct furl_image {
  size_t struct_size;   /* sizeof(furl_image) */
  int bytes_per_sample; /* 1 (8-bit only) or 2 (native byte order) */
  const void* planes[3];
  ptrdiff_t strides[3]; /* in bytes; may be negative */
  int64_t pts;          /* in time base ticks; must rise from picture to picture */
  int64_t duration;
  void* user_data; /* for the packet, or the picture that is shown */
  int key;         /* to encoders, 1: a GOP begins here, so decoding can; 0: as the encoder likes */
} furl_image;

/* --- Packets ------------------------------------------------------------- */

/* One coded picture. */
typedef struct furl_packet {
  size_t struct_size;  /* in: sizeof(furl_packet) */
  const uint8_t* data; /* from an encoder: valid until its next receive or close */
  size_t size;
  int64_t pts; /* in time base ticks, as sent with the picture */
  int64_t duration;
  int64_t decode_order; /* 0, 1, 2, ...: packets come in coding order; not read by decoders */
  int key;              /* 1: decodable without any earlier packet; not read by decoders */
  void* user_data;      /* as sent with the picture */
} furl_packet;

/* 1 where no other picture is predicted from this packet's: whoever is late may leave it out, and
 * all others stay exact. 0 where others need it, or these bytes are no packet. */
FURL_API int furl_packet_is_disposable(const void* data, size_t size);

/* --- Bare streams --------------------------------------------------------- */

/* What .furl files hold: a sequence header, then packets with their times, in a form that pipes
 * carry and that reading can start in anywhere. */
typedef struct furl_reader furl_reader;
typedef struct furl_writer furl_writer;

/* Reads a bare stream that comes in pieces of any size. `max_pixels` and `max_macs_per_pixel`: as
 * in furl_decoder_settings, 0 for the defaults. */
FURL_API furl_status furl_reader_open(furl_reader** reader, int64_t max_pixels,
                                      int64_t max_macs_per_pixel);
/* The next bytes of the stream; they are copied. */
FURL_API furl_status furl_reader_append(furl_reader* reader, const void* data, size_t size);
/* There are no more bytes. */
FURL_API furl_status furl_reader_finish(furl_reader* reader);
/* The next packet in coding order; its bytes are valid until the next call with this reader.
 * Where there is none, the packet is zero but for its struct_size, and the answer is
 *   FURL_NEED_MORE_DATA        append or finish first;
 *   FURL_END_OF_STREAM         that was all;
 *   FURL_ERROR_INVALID_STREAM  damage between packets, or an end too soon: reading goes on behind
 *                              it with the next call;
 *   another error              the header can't be used, now and later. */
FURL_API furl_status furl_reader_receive(furl_reader* reader, furl_packet* packet);
/* The sequence header. FURL_NEED_MORE_DATA until furl_reader_receive has passed it; then valid as
 * long as the reader. */
FURL_API furl_status furl_reader_sequence_header(const furl_reader* reader, const uint8_t** data,
                                                 size_t* size);
/* Where in the stream the first byte lies that furl_reader_receive has not passed. */
FURL_API int64_t furl_reader_position(const furl_reader* reader);
/* Forgets what was appended: the next bytes are those at `position`, anywhere in the stream.
 * Reading goes on at the next key packet behind it. The header stays; before it has been read, the
 * stream begins anew. */
FURL_API furl_status furl_reader_seek(furl_reader* reader, int64_t position);
FURL_API void furl_reader_close(furl_reader* reader);

/* Gets the next bytes of a stream. Anything but FURL_OK ends the call that writes, which returns
 * it. */
typedef furl_status (*furl_write_callback)(void* opaque, const uint8_t* data, size_t size);

/* Opens a writer and writes the sequence header. */
FURL_API furl_status furl_writer_open(furl_writer** writer, furl_write_callback write, void* opaque,
                                      const void* header, size_t header_size);
/* Writes a packet, with its pts, duration and key; the first must be a key packet. */
FURL_API furl_status furl_writer_send(furl_writer* writer, const furl_packet* packet);
/* Writes the end; a stream without it counts as truncated. */
FURL_API furl_status furl_writer_finish(furl_writer* writer);
FURL_API void furl_writer_close(furl_writer* writer);

/* --- Decoder ------------------------------------------------------------- */

typedef struct furl_decoder_settings {
  size_t struct_size;         /* set by furl_decoder_settings_init */
  int threads;                /* 1..1024, or 0 (default): one per CPU */
  int conceal;                /* 1: show the nearest picture for damaged ones; default 0 */
  int64_t max_pixels;         /* refuse larger pictures; default 2^26 */
  int64_t max_macs_per_pixel; /* refuse costlier networks; default 64000 */
  furl_log_callback log;      /* hears of damage; default NULL */
  void* log_opaque;           /* given to `log` */
  furl_allocator allocator;   /* of the pictures; default the library's */
  int64_t max_memory;         /* bytes: refuse what may take more; default 2^31 */
} furl_decoder_settings;

/* Fills the defaults. `size` is sizeof(furl_decoder_settings). */
FURL_API furl_status furl_decoder_settings_init(furl_decoder_settings* settings, size_t size);

/* Opens a decoder for the stream with this sequence header. `settings` may be
 * NULL for the defaults. FURL_ERROR_WRONG_MODEL when the stream needs another
 * model; furl_last_error() then names it. */
FURL_API furl_status furl_decoder_open(furl_decoder** decoder,
                                       const furl_decoder_settings* settings,
                                       const furl_model* model, const void* header,
                                       size_t header_size);

/* Gives the decoder the next packet in coding order; its bytes are copied.
 * FURL_TRY_AGAIN: the decoder holds FURL_MAX_HELD_PICTURES, sent and not yet
 * received; receive one, then send the packet again. That never is the answer after
 * furl_decoder_receive has answered FURL_TRY_AGAIN.
 *
 * After FURL_ERROR_INVALID_STREAM decoding may go on: the damage ends with its
 * GOP. The same goes for FURL_ERROR_OUT_OF_MEMORY, here and from
 * furl_decoder_receive: the packet, or the picture, is lost as a damaged one. */
#define FURL_MAX_HELD_PICTURES 24
FURL_API furl_status furl_decoder_send(furl_decoder* decoder, const furl_packet* packet);

/* A stream may add to another one, its base (furl_stream_info.base_width): H.264, H.265 or AV1 that
 * the caller decodes. This gives the decoder the next picture of the base, which is copied; size
 * and bit depth are those of furl_stream_info. All pictures of the base come, in display order,
 * each with the time of the packet that adds to it, before that packet or behind it.
 * `begins_gop`, 0 or 1: the base can be decoded from this picture on, being its key frame.
 *
 * A packet waits for its base until that or a later picture has come, or the end. There are as many
 * pictures to receive as the base has: those without a packet are the base's, at the stream's size,
 * filtered where that is all that the stream adds, else marked as concealed. So damage never is an
 * error; `conceal` of the settings doesn't count.
 *
 * FURL_TRY_AGAIN: FURL_MAX_HELD_BASES are held; the same as for furl_decoder_send goes for it.
 * FURL_ERROR_INVALID_ARGUMENT: also where the stream has no base, or times don't rise. */
#define FURL_MAX_HELD_BASES 64
FURL_API furl_status furl_decoder_send_base(furl_decoder* decoder, const furl_image* picture,
                                            int begins_gop);

/* No more packets, nor pictures of a base: receive gives what is left, then FURL_END_OF_STREAM. */
FURL_API furl_status furl_decoder_flush(furl_decoder* decoder);

/* The next picture in display order; the caller frees it. `*frame` is NULL
 * unless FURL_OK is returned. */
FURL_API furl_status furl_decoder_receive(furl_decoder* decoder, furl_frame** frame);

typedef struct furl_decoder_statistics {
  size_t struct_size; /* in: sizeof(furl_decoder_statistics) */
  int64_t frames;
  int64_t key_frames;
  int64_t damaged_frames;   /* packets that failed a check */
  int64_t concealed_frames; /* pictures shown that are not exact */
  int64_t hashes_checked;   /* frame hashes of the stream compared */
  int64_t hashes_failed;
  int64_t missing_frames; /* at least as many: no packet of them came; known when their
                             GOP has ended */
} furl_decoder_statistics;

FURL_API furl_status furl_decoder_get_statistics(const furl_decoder* decoder,
                                                 furl_decoder_statistics* statistics);

FURL_API void furl_decoder_close(furl_decoder* decoder);

/* --- Encoder (not in libfurldec) ----------------------------------------- */

typedef enum furl_preset {
  FURL_PRESET_FAST = 0,
  FURL_PRESET_MEDIUM = 1,
  FURL_PRESET_SLOW = 2
} furl_preset;

typedef struct furl_encoder_settings {
  size_t struct_size; /* set by furl_encoder_settings_init */
  int width;          /* 16..16384, must be set */
  int height;
  int bit_depth;               /* 8 (default) or 10 */
  double crf;                  /* 0 (best) .. 63, default 40; fractions count */
  double gop_seconds;          /* longest distance between key frames, default 2 */
  int low_delay;               /* 1: packets in display order; default 0 */
  int preset;                  /* a furl_preset, default medium */
  int threads;                 /* 1..1024, or 0 (default): one per CPU; no effect on the bytes */
  furl_rational frame_rate;    /* default 25 */
  furl_rational time_base;     /* of pts and duration, default 1/25 s */
  furl_rational sample_aspect; /* default 1 */
  furl_color color;            /* default unspecified, limited range */
  furl_log_callback log;       /* default NULL */
  void* log_opaque;            /* given to `log` */
  /* A rate instead of the crf, held in one pass: the mean in bits per second, 0 (default) for
   * constant quality. Packets go through a bucket that `max_bitrate` bits per second leave
   * (default 0: the mean) and that never holds more than `buffer_bits` (default 0: a second of
   * max_bitrate; at least a tenth of a second of the mean). */
  int64_t bitrate;
  int64_t max_bitrate;
  int64_t buffer_bits;
} furl_encoder_settings;

/* Fills the defaults. `size` is sizeof(furl_encoder_settings). */
FURL_API furl_status furl_encoder_settings_init(furl_encoder_settings* settings, size_t size);

FURL_API furl_status furl_encoder_open(furl_encoder** encoder,
                                       const furl_encoder_settings* settings,
                                       const furl_model* model);

/* The sequence header; valid as long as the encoder. */
FURL_API furl_status furl_encoder_sequence_header(const furl_encoder* encoder, const uint8_t** data,
                                                  size_t* size);

/* Gives the encoder the next picture in display order, of its settings' size and bit depth; it is
 * copied.
 *
 * FURL_ERROR_INVALID_ARGUMENT changes nothing. After any other error of an
 * encoder it codes no more: sending, flushing and receiving all return that
 * error again, and what is left is to close it. */
FURL_API furl_status furl_encoder_send(furl_encoder* encoder, const furl_image* image);

/* No more pictures: receive gives what is left, then FURL_END_OF_STREAM. */
FURL_API furl_status furl_encoder_flush(furl_encoder* encoder);

/* The next packet in coding order. Unless FURL_OK is returned, the packet is
 * zero but for its struct_size. */
FURL_API furl_status furl_encoder_receive(furl_encoder* encoder, furl_packet* packet);

FURL_API void furl_encoder_close(furl_encoder* encoder);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* FURL_FURL_H_ */
