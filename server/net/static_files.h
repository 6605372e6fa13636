#pragma once

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "server/core/http.h"
#include "shared/base/result.h"

namespace tessera {

/// The web client's files, read once into memory, each compressed once.
///
/// Every file is served twice: at `/NAME` and at `/assets/VERSION/NAME`, where VERSION is drawn from the contents of all of
/// them. The second may be cached for ever, the first is revalidated. In pages (`.html`), the values of `src` and `href`
/// that name a file of the folder, and the placeholder `{{assets}}`, become versioned addresses; links to pages and to the
/// web manifest stay. `/` is `index.html`.
///
/// Immutable once made, but for the compressed forms, which one thread of its own fills in, small files first; until then a
/// file goes out as it is. May be used from any thread.
class StaticFiles {
 public:
  /// Reads `folder`; symbolic links are not followed. An error says what cannot be read.
  static Result<std::unique_ptr<StaticFiles>> open(const std::filesystem::path& folder);
  /// The page of a server without web client: says how to build it.
  static std::unique_ptr<StaticFiles> placeholder();
  ~StaticFiles();

  /// Nothing where no file has that address.
  std::optional<HttpResponse> answer(const HttpRequest& request) const;
  /// Compresses on a thread of its own.
  void start_compressing();
  /// Compresses now.
  void compress_all();
  const std::string& version() const { return version_; }

 private:
  struct File {
    std::string type;
    std::string tag;  // of the bytes as they are
    std::shared_ptr<const Bytes> plain;
    std::shared_ptr<const Bytes> gzip;    // null: not worth it
    std::shared_ptr<const Bytes> brotli;
    std::atomic<bool> compressed{false};  // the two above may be read
  };
  struct Address {
    File* file = nullptr;
    bool is_versioned = false;
  };

  StaticFiles() = default;
  void add(const std::string& name, Bytes contents);
  void link();
  HttpResponse serve(const File& file, bool is_versioned, const HttpRequest& request) const;

  std::map<std::string, std::unique_ptr<File>> files_;  // by name
  std::map<std::string, Address> addresses_;            // by path
  std::string version_;
  std::atomic<bool> stopping_{false};
  std::thread worker_;
};

/// Puts versioned addresses into a page; `names`: the files there are.
std::string with_versioned_links(std::string_view page, std::string_view prefix, const std::vector<std::string>& names);

/// Does an `If-None-Match` header name this entity tag (given with its quotes), weakly compared?
bool matches_tag(std::string_view header, std::string_view tag);

}  // namespace tessera
