#include "app/platform/storage.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace tessera {
namespace {

namespace fs = std::filesystem;

std::string folder_from(const char* variable, const char* below_home) {
  if (const char* given = std::getenv(variable); given && given[0] == '/') return std::string(given) + "/tessera";
  const char* home = std::getenv("HOME");
  return std::string(home ? home : ".") + "/" + below_home + "/tessera";
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool replace_file(const std::string& path, std::string_view text) {
  const std::string fresh = path + ".new";
  ::unlink(fresh.c_str());
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return false;
  const bool written = write_all(file, text) && ::fsync(file) == 0;
  return ::close(file) == 0 && written && ::rename(fresh.c_str(), path.c_str()) == 0;
}

}  // namespace

Storage::Storage() : folder_(folder_from("XDG_CONFIG_HOME", ".config")) {}

std::optional<std::string> Storage::read(const std::string& name) const {
  const std::ifstream file(folder_ + "/" + name, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void Storage::write(const std::string& name, std::string_view text) const {
  std::error_code error;
  fs::create_directories(folder_, error);
  const std::string path = folder_ + "/" + name;
  if (replace_file(path, text)) return;
  std::fprintf(stderr, "tessera: %s cannot be written; what it should remember will be forgotten.\n", path.c_str());
}

void Storage::remove(const std::string& name) const { ::unlink((folder_ + "/" + name).c_str()); }

std::string data_folder() { return folder_from("XDG_DATA_HOME", ".local/share"); }

}  // namespace tessera
