#include "app/platform/shell.h"

#include <emscripten.h>

#include <cstdlib>

// Without https (a canvas on a LAN) there is no navigator.clipboard; the older way needs a text that is selected.
EM_JS(void, tessera_copy, (const char* text), {
  const copy = UTF8ToString(text);
  const older = () => {
    const area = document.createElement('textarea');
    area.value = copy;
    area.className = 'unseen';
    document.body.appendChild(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  };
  if (navigator.clipboard) navigator.clipboard.writeText(copy).catch(older);
  else older();
});

EM_JS(void, tessera_show_address, (const char* fragment), {
  const wanted = UTF8ToString(fragment);
  if (wanted !== location.hash) history.replaceState(null, "", wanted);
});

EM_JS(void, tessera_mark_picture, (), { performance.mark('tessera-picture'); });

EM_JS(void, tessera_show_failure, (const char* message), { Module.tesseraFailed(UTF8ToString(message)); });

EM_JS(void, tessera_save_file, (const char* name, const char* bytes, int size), {
  const address = URL.createObjectURL(new Blob([HEAPU8.slice(bytes, bytes + size)]));
  const link = document.createElement('a');
  link.href = address;
  link.download = UTF8ToString(name);
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
});

EM_JS(void, tessera_reload_page, (), { location.reload(); });

EM_JS(void, tessera_open_browser, (const char* address), { window.open(UTF8ToString(address), '_blank', 'noopener'); });
// A browser that forbids storage throws: then nothing is kept.
EM_JS(void, tessera_leave_page, (const char* address, const char* kept), {
  try {
    if (UTF8ToString(kept)) sessionStorage.setItem('tessera.kept', UTF8ToString(kept));
    else sessionStorage.removeItem('tessera.kept');
  } catch (refused) {
  }
  location.assign(UTF8ToString(address));
});
EM_JS(char*, tessera_take_kept, (), {
  try {
    const kept = sessionStorage.getItem('tessera.kept');
    sessionStorage.removeItem('tessera.kept');
    return allocateUTF8(kept || "");
  } catch (refused) {
    return 0;
  }
});

EM_JS(void, tessera_ask_notifications, (), {
  const answer = allowed => _tessera_notifications_allowed(allowed);
  if (!('Notification' in window)) answer(false);
  else Notification.requestPermission().then(word => answer(word === 'granted'), () => answer(false));
});
// Phones let only a service worker show one: there it throws, and nothing is shown.
EM_JS(void, tessera_notify, (const char* title, const char* text), {
  if (!('Notification' in window) || Notification.permission !== 'granted' || document.hasFocus()) return;
  try {
    const shown = new Notification(UTF8ToString(title), {body: UTF8ToString(text), icon: 'icon.svg', tag: 'tessera-charges'});
    shown.onclick = () => { window.focus(); shown.close(); };
  } catch (refused) {
  }
});
EM_JS(int, tessera_utc_offset_minutes, (), { return -new Date().getTimezoneOffset(); });

EM_JS(char*, tessera_page_fragment, (), { return allocateUTF8(location.hash); });
// Where /ws and /auth are: the folder that the page is in.
EM_JS(char*, tessera_page_server, (), {
  return allocateUTF8(new URL('.', location.href.split('#')[0]).href.replace(new RegExp('/+$'), ""));
});
EM_JS(char*, tessera_page_language, (), { return allocateUTF8(navigator.language || 'en'); });
EM_JS(bool, tessera_media, (const char* query), { return matchMedia(UTF8ToString(query)).matches; });

EM_JS(void, tessera_watch_page, (), {
  addEventListener('hashchange', event => {
    // Not location.hash: the app may have written its own there since.
    const text = allocateUTF8(new URL(event.newURL).hash);
    _tessera_address_changed(text);
    _free(text);
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', event => _tessera_theme_changed(event.matches));
});

namespace tessera {
namespace {

std::function<void(Action)> post_change;
std::function<void(bool)> notifications_answered;

std::string take(char* text) {
  std::string copy = text ? text : "";
  std::free(text);
  return copy;
}

}  // namespace

extern "C" EMSCRIPTEN_KEEPALIVE void tessera_address_changed(const char* fragment) {
  post_change(action::AddressChanged{fragment});
}
extern "C" EMSCRIPTEN_KEEPALIVE void tessera_theme_changed(bool dark) { post_change(action::SystemThemeChanged{dark}); }

extern "C" EMSCRIPTEN_KEEPALIVE void tessera_notifications_allowed(bool allowed) {
  if (notifications_answered) notifications_answered(allowed);
}

Device describe_device() {
  Device device;
  device.dark = tessera_media("(prefers-color-scheme: dark)");
  device.prefers_reduced_motion = tessera_media("(prefers-reduced-motion: reduce)");
  device.touch = tessera_media("(pointer: coarse)");
  device.language = language_of(take(tessera_page_language()));
  device.sessions = SessionKeeping::Cookie;
  device.web = true;
  device.utc_offset = std::chrono::minutes(tessera_utc_offset_minutes());
  device.page_server = take(tessera_page_server());
  return device;
}

std::string surrounding_link() { return take(tessera_page_server()) + "/" + take(tessera_page_fragment()); }

void watch_surroundings(std::function<void(Action)> post) {
  post_change = std::move(post);
  tessera_watch_page();
}

void copy_text(const std::string& text) { tessera_copy(text.c_str()); }
void show_address(const std::string& fragment) { tessera_show_address(fragment.c_str()); }
void open_browser(const std::string& address) { tessera_open_browser(address.c_str()); }
void leave_page(const std::string& address, const std::string& kept) { tessera_leave_page(address.c_str(), kept.c_str()); }
std::string take_kept() { return take(tessera_take_kept()); }
void ask_notifications(std::function<void(bool)> done) {
  notifications_answered = std::move(done);
  tessera_ask_notifications();
}
void notify(const std::string& title, const std::string& text) { tessera_notify(title.c_str(), text.c_str()); }
std::string save_file(const std::string& name, const std::string& bytes) {
  tessera_save_file(name.c_str(), bytes.data(), static_cast<int>(bytes.size()));
  return name;
}
void reload_page() { tessera_reload_page(); }
void mark_first_picture() { tessera_mark_picture(); }

int show_failure(const std::string& message) {
  tessera_show_failure(message.c_str());
  return 1;
}

}  // namespace tessera
