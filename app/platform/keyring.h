#pragma once

#include <memory>
#include <optional>
#include <string>

namespace tessera {

/// One secret text of this app's, kept by the desktop: by whatever service answers to the Secret Service API of
/// freedesktop.org. Every call may take as long as a person takes to unlock it. Any one thread, but for `give_up`.
class Keyring {
 public:
  virtual ~Keyring() = default;
  /// Empty where none is kept; nothing where no service answers or it refuses.
  virtual std::optional<std::string> read() = 0;
  /// An empty text removes what is kept. False: it was not taken.
  virtual bool write(const std::string& text) = 0;
  /// From any thread: what is under way fails now, and so does all that follows.
  virtual void give_up() = 0;
};

/// Nothing where there can be none: no session bus, or a browser. Whether one answers shows when it is asked.
std::shared_ptr<Keyring> open_keyring();

}  // namespace tessera
