#include "app/platform/keyring.h"

#include <dlfcn.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <type_traits>
#include <utility>

namespace tessera {
namespace {

// What is used of libsecret and GLib, as their headers declare it (libsecret 0.20, https://gnome.pages.gitlab.gnome.org/libsecret).
// The library is found at run time, so that the app is built and runs where there is none; its binary interface has been the same
// since version 0.
struct GlibError;
struct Cancellable;
struct Bus;

struct SecretSchema {
  const char* name;
  int flags;
  struct {
    const char* name;
    int type;
  } attributes[32];
  int reserved;
  void* more_reserved[7];
};

constexpr const char* library_name = "libsecret-1.so.0";
constexpr int session = 2;                              // G_BUS_TYPE_SESSION
constexpr const char* default_collection = "default";  // SECRET_COLLECTION_DEFAULT
constexpr const char* attribute = "purpose";
constexpr const char* purpose = "sessions";
constexpr const char* label = "Tessera: where one is signed in";
const SecretSchema schema{"org.tessera.Tessera", 0, {{attribute, 0}}, 0, {}};

struct Library {
  char* (*lookup)(const SecretSchema*, Cancellable*, GlibError**, ...) = nullptr;
  int (*store)(const SecretSchema*, const char* collection, const char* label, const char* password, Cancellable*, GlibError**, ...) = nullptr;
  int (*clear)(const SecretSchema*, Cancellable*, GlibError**, ...) = nullptr;
  void (*free_password)(char*) = nullptr;
  void (*free_error)(GlibError*) = nullptr;
  Cancellable* (*new_cancellable)() = nullptr;
  void (*cancel)(Cancellable*) = nullptr;
  Bus* (*bus)(int type, Cancellable*, GlibError**) = nullptr;
  void (*set_exit_on_close)(Bus*, int) = nullptr;

  /// False where the library is not there. It stays loaded: GLib has threads of its own.
  bool load() {
    void* library = ::dlopen(library_name, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) return false;
    const auto find = [&](auto& function, const char* name) {
      function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(::dlsym(library, name));
      return function != nullptr;
    };
    return find(lookup, "secret_password_lookup_sync") && find(store, "secret_password_store_sync") &&
           find(clear, "secret_password_clear_sync") && find(free_password, "secret_password_free") &&
           find(free_error, "g_error_free") && find(new_cancellable, "g_cancellable_new") && find(cancel, "g_cancellable_cancel") &&
           find(bus, "g_bus_get_sync") && find(set_exit_on_close, "g_dbus_connection_set_exit_on_close");
  }
};

class SecretService : public Keyring {
 public:
  std::optional<std::string> read() override {
    if (!ready()) return std::nullopt;
    GlibError* error = nullptr;
    char* kept = library_.lookup(&schema, cancellable_, &error, attribute, purpose, nullptr);
    if (failed(error)) return std::nullopt;
    std::string text = kept != nullptr ? kept : "";
    if (kept != nullptr) library_.free_password(kept);
    return text;
  }

  bool write(const std::string& text) override {
    if (!ready()) return false;
    GlibError* error = nullptr;
    if (text.empty()) library_.clear(&schema, cancellable_, &error, attribute, purpose, nullptr);
    else library_.store(&schema, default_collection, label, text.c_str(), cancellable_, &error, attribute, purpose, nullptr);
    return !failed(error);
  }

  void give_up() override {
    given_up_ = true;
    if (loaded_) library_.cancel(cancellable_);
  }

 private:
  bool ready() {
    if (!std::exchange(tried_, true)) open();
    return answers_ && !given_up_;
  }

  void open() {
    if (!library_.load()) return;
    cancellable_ = library_.new_cancellable();
    loaded_ = true;
    if (given_up_) return;
    GlibError* error = nullptr;
    Bus* bus = library_.bus(session, cancellable_, &error);
    answers_ = !failed(error) && bus != nullptr;
    // Else GLib would end this program where the bus ends. The connection is its own, and lasts.
    if (answers_) library_.set_exit_on_close(bus, 0);
  }

  bool failed(GlibError* error) {
    if (error == nullptr) return false;
    library_.free_error(error);
    return true;
  }

  Library library_;
  Cancellable* cancellable_ = nullptr;  ///< never freed: what was cancelled may end after all else
  bool tried_ = false, answers_ = false;
  std::atomic<bool> loaded_ = false, given_up_ = false;
};

/// Without one, GLib would start a bus of its own, which no keyring answers on.
bool session_bus() {
  if (const char* address = std::getenv("DBUS_SESSION_BUS_ADDRESS"); address && address[0] != '\0') return true;
  const char* folder = std::getenv("XDG_RUNTIME_DIR");
  std::error_code error;
  return folder && folder[0] == '/' && std::filesystem::is_socket(std::string(folder) + "/bus", error);
}

}  // namespace

std::shared_ptr<Keyring> open_keyring() { return session_bus() ? std::make_shared<SecretService>() : nullptr; }

}  // namespace tessera
