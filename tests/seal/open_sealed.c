/* A second implementation of docs/encryption.md, made of that page and libsodium alone: writes what
 * a sealed file holds to standard output. Shows nothing of a record before all of it is verified.
 *
 * usage: open_sealed key|passphrase SECRET-FILE < SEALED > PLAIN
 */
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER = 84, SALT_AT = 20, CHECK_AT = 36, MAC_AT = 52, HEAD = 5, MESSAGE = 65536 };

static void stop(const char* why) {
  fprintf(stderr, "open_sealed: %s\n", why);
  exit(1);
}

static void take(unsigned char* out, size_t size) {
  if (fread(out, 1, size, stdin) != size) stop("cut off");
}

static uint32_t little32(const unsigned char* at) {
  return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* The file's master key. */
static void make_master(const char* kind, const char* path, const unsigned char* header,
                        unsigned char master[32]) {
  unsigned char base[32];
  char secret[1025] = "";
  FILE* file = fopen(path, "rb");
  if (file == NULL) stop("no secret");
  const size_t size = fread(secret, 1, 1024, file);
  fclose(file);
  if (strcmp(kind, "key") == 0) {
    if (size != 32 || header[9] != 0) stop("that needs another secret");
    memcpy(base, secret, 32);
  } else {
    if (header[9] != 1) stop("that needs another secret");
    if (crypto_pwhash(base, 32, secret, strcspn(secret, "\n"), header + SALT_AT,
                      little32(header + 16), (size_t)little32(header + 12) * 1024,
                      crypto_pwhash_ALG_ARGON2ID13) != 0) {
      stop("no memory");
    }
  }
  crypto_generichash(master, 32, header + SALT_AT, 16, base, 32);
}

static void check_header(const unsigned char* header, const unsigned char* master) {
  unsigned char check[16], mac_key[32];
  crypto_kdf_derive_from_key(check, 16, 0, "furlchck", master);
  if (memcmp(check, header + CHECK_AT, 16) != 0) stop("wrong secret");
  crypto_kdf_derive_from_key(mac_key, 32, 0, "furlhead", master);
  if (crypto_auth_verify(header + MAC_AT, header, MAC_AT, mac_key) != 0) stop("changed header");
}

/* Returns whether it was the last one. */
static int open_record(const unsigned char* header, const unsigned char* master, uint64_t number) {
  unsigned char head[HEAD], start[24], key[32], sealed[MESSAGE + 17], bound[32 + 8 + HEAD];
  take(head, HEAD);
  const uint32_t size = little32(head);
  if (size > 64 << 20 || head[4] > 1) stop("no record");
  memcpy(bound, header + MAC_AT, 32);
  for (int i = 0; i < 8; ++i) bound[32 + i] = (unsigned char)(number >> 8 * i);
  memcpy(bound + 40, head, HEAD);
  crypto_kdf_derive_from_key(key, 32, number, "furlrecd", master);
  take(start, 24);
  crypto_secretstream_xchacha20poly1305_state state;
  crypto_secretstream_xchacha20poly1305_init_pull(&state, start, key);
  unsigned char* plain = malloc(size + 1);
  size_t done = 0;
  do {
    const size_t piece = size - done < MESSAGE ? size - done : MESSAGE;
    unsigned char tag;
    take(sealed, piece + 17);
    if (crypto_secretstream_xchacha20poly1305_pull(&state, plain + done, NULL, &tag, sealed,
                                                   piece + 17, bound, sizeof(bound)) != 0) {
      stop("changed record");
    }
    done += piece;
    if ((tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL) != (done == size)) {
      stop("changed record");
    }
  } while (done < size);
  fwrite(plain, 1, size, stdout);
  free(plain);
  return head[4];
}

int main(int argc, char** argv) {
  unsigned char header[HEADER], master[32];
  if (argc != 3 || sodium_init() < 0) stop("usage: open_sealed key|passphrase SECRET-FILE");
  take(header, HEADER);
  if (memcmp(header, "\x89" "fseal\r\n\x01", 9) != 0) stop("not sealed");
  make_master(argv[1], argv[2], header, master);
  check_header(header, master);
  uint64_t number = 0;
  while (!open_record(header, master, number)) ++number;
  if (getchar() != EOF) stop("bytes behind the last record");
  return 0;
}
