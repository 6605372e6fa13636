#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <boost/asio/ssl/context.hpp>

#include "shared/base/result.h"

namespace tessera {

/// A certificate chain and its key, for TLS 1.2 and newer. An error names the file and what is wrong with it.
Result<std::unique_ptr<boost::asio::ssl::context>> open_tls_context(const std::string& certificate, const std::string& key);

/// The context of new connections, null without TLS. It can be replaced while connections live on under the older one, which their
/// own reference keeps. Any thread.
class TlsContext {
 public:
  using Pointer = std::shared_ptr<boost::asio::ssl::context>;

  Pointer get() const {
    const std::lock_guard lock(mutex_);
    return context_;
  }
  void set(Pointer context) {
    const std::lock_guard lock(mutex_);
    context_ = std::move(context);
  }

 private:
  mutable std::mutex mutex_;
  Pointer context_;
};

}  // namespace tessera
