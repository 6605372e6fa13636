#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tessera {

/// Small texts that outlive the app: files in `$XDG_CONFIG_HOME/tessera` (`~/.config/tessera`), `localStorage` in a
/// browser. Failing to keep one is no reason to stop: natively it is told on standard error.
class Storage {
 public:
  Storage();
  /// Nothing where there is none, or it cannot be read.
  std::optional<std::string> read(const std::string& name) const;
  /// Replaced as a whole or not at all; only the owner may read it.
  void write(const std::string& name, std::string_view text) const;
  void remove(const std::string& name) const;

 private:
  std::string folder_;
};

/// `$XDG_DATA_HOME/tessera` (`~/.local/share/tessera`): where hosted canvases are stored; empty in a browser.
std::string data_folder();

}  // namespace tessera
