#include "app/platform/shell.h"

#include <SDL.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>

namespace tessera {
namespace {

Language language_of_desktop() {
  for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* locale = std::getenv(variable); locale && locale[0] != '\0') return language_of(locale);
  return Language::English;
}

Duration utc_offset() {
  const std::time_t now = std::time(nullptr);
  std::tm here{};
  return localtime_r(&now, &here) != nullptr ? Duration(std::chrono::seconds(here.tm_gmtoff)) : Duration{};
}

}  // namespace

Device describe_device() {
  Device device;
  device.language = language_of_desktop();
  device.sessions = SessionKeeping::Token;
  device.utc_offset = utc_offset();
  return device;
}

std::string surrounding_link() { return {}; }
void watch_surroundings(std::function<void(Action)>) {}

void copy_text(const std::string& text) { SDL_SetClipboardText(text.c_str()); }
void show_address(const std::string&) {}
void open_browser(const std::string& address) { SDL_OpenURL(address.c_str()); }
void leave_page(const std::string&, const std::string&) {}
std::string take_kept() { return {}; }
void ask_notifications(std::function<void(bool)> done) { done(true); }
void notify(const std::string&, const std::string&) {
  SDL_Window* window = SDL_GL_GetCurrentWindow();
  if (window != nullptr && (SDL_GetWindowFlags(window) & SDL_WINDOW_INPUT_FOCUS) == 0)
    SDL_FlashWindow(window, SDL_FLASH_UNTIL_FOCUSED);
}

std::string save_file(const std::string& name, const std::string& bytes) {
  const char* home = std::getenv("HOME");
  const char* downloads = std::getenv("XDG_DOWNLOAD_DIR");
  std::filesystem::path folder = downloads && downloads[0] != '\0' ? downloads : home ? home : ".";
  std::error_code error;
  if (!downloads && std::filesystem::is_directory(folder / "Downloads", error)) folder /= "Downloads";
  const std::filesystem::path wanted(name);
  constexpr int most_tries = 1'000;
  for (int i = 1; i <= most_tries; ++i) {
    const std::string again = i == 1 ? std::string() : "-" + std::to_string(i);
    const std::filesystem::path path = folder / (wanted.stem().string() + again + wanted.extension().string());
    std::FILE* file = std::fopen(path.c_str(), "wbx");
    if (file == nullptr && errno == EEXIST) continue;
    if (file == nullptr) return {};
    const bool whole = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
    if (std::fclose(file) == 0 && whole) return path.string();
    std::filesystem::remove(path, error);
    return {};
  }
  return {};
}

void reload_page() {}
void mark_first_picture() {}

int show_failure(const std::string& message) {
  std::fprintf(stderr, "tessera: %s\n", message.c_str());
  // Opened from a desktop there is no terminal to read that in.
  if (!isatty(STDERR_FILENO)) SDL_ShowSimpleMessageBox(SDL_MESSAGEBOX_ERROR, "Tessera", message.c_str(), nullptr);
  return 1;
}

}  // namespace tessera
