#pragma once

#include <functional>
#include <string>

#include "app/model/actions.h"

/// What surrounds the window: the desktop, or the page and its browser. Main thread.
namespace tessera {

/// What kind of device this is; its size comes with the window.
Device describe_device();
/// Where to go at once where the surroundings say so: in a browser the page's own address.
std::string surrounding_link();
/// Posts what changes around: theme, the page's fragment. Once.
void watch_surroundings(std::function<void(Action)> post);

void copy_text(const std::string& text);
/// Shows `#canvas=…` as the page's address, without an entry in its history.
void show_address(const std::string& fragment);
/// A page of the web, in the person's browser.
void open_browser(const std::string& address);
/// To another page, in place of this one; nothing to do outside a browser. `kept` waits in this tab for `take_kept`.
void leave_page(const std::string& address, const std::string& kept);
/// What was kept, once: it is gone then.
std::string take_kept();
/// `done` is told, now or later, whether notifications may be shown.
void ask_notifications(std::function<void(bool)> done);
/// Where nobody looks at the app: a browser's notification, a desktop's window that asks for attention.
void notify(const std::string& title, const std::string& text);
/// Among the person's downloads, beside what is there already: how a person finds it; empty where it cannot be kept.
std::string save_file(const std::string& name, const std::string& bytes);
void reload_page();
/// For those who measure: the canvas has been seen whole for the first time (`performance` mark `tessera-picture`).
void mark_first_picture();
/// The app cannot start: says why where a person sees it. Answers the program's exit status.
int show_failure(const std::string& message);

}  // namespace tessera
