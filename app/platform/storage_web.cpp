#include "app/platform/storage.h"

#include <emscripten.h>

#include <cstdlib>

// A browser that forbids storage throws: then nothing is remembered.
EM_JS(char*, tessera_storage_read, (const char* name), {
  try {
    const text = localStorage.getItem('tessera.' + UTF8ToString(name));
    return text === null ? 0 : allocateUTF8(text);
  } catch (refused) {
    return 0;
  }
});

EM_JS(void, tessera_storage_write, (const char* name, const char* text), {
  try {
    localStorage.setItem('tessera.' + UTF8ToString(name), UTF8ToString(text));
  } catch (refused) {
  }
});

EM_JS(void, tessera_storage_remove, (const char* name), {
  try {
    localStorage.removeItem('tessera.' + UTF8ToString(name));
  } catch (refused) {
  }
});

namespace tessera {

Storage::Storage() = default;

std::optional<std::string> Storage::read(const std::string& name) const {
  char* text = tessera_storage_read(name.c_str());
  if (text == nullptr) return std::nullopt;
  std::string copy = text;
  std::free(text);
  return copy;
}

void Storage::write(const std::string& name, std::string_view text) const {
  tessera_storage_write(name.c_str(), std::string(text).c_str());
}

void Storage::remove(const std::string& name) const { tessera_storage_remove(name.c_str()); }

std::string data_folder() { return {}; }

}  // namespace tessera
