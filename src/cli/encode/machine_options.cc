#include "cli/encode/machine_options.h"

#include "cli/options/keys.h"
#include "cli/options/option_use.h"
#include "cli/sandbox_use.h"

namespace furl::cli {

void AddMachine(CLI::App* app, EncodeOptions* o) {
  app->add_option("--threads", o->threads, "0: one per CPU; never changes the result")
      ->check(WholeNumber(0, 1024))
      ->capture_default_str();
  AddNoSandbox(app, &o->sandbox);
}

void AddEncryption(CLI::App* app, EncodeOptions* o) {
  app->add_flag("--encrypt", o->encrypt,
                "Encrypt the output, sound, subtitles and all (.mkv, .furl, -; not .mp4)");
  AddKeys(app, &o->keys);
}

}  // namespace furl::cli
