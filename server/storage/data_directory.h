#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/result.h"

namespace tessera {

/// An open file of this process, closed with it.
class OwnedFile {
 public:
  OwnedFile() = default;
  explicit OwnedFile(int descriptor) : descriptor_(descriptor) {}
  ~OwnedFile();
  OwnedFile(OwnedFile&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  OwnedFile& operator=(OwnedFile&& other) noexcept;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_ = -1;
};

/// A database and the files beside it.
struct DataFiles {
  std::filesystem::path directory;
  std::filesystem::path database;
  std::filesystem::path lock;    ///< held while a process may write; says who
  std::filesystem::path audit_key;  ///< proves that the audit log's end is where this server left it
  std::filesystem::path address_key;  ///< by which addresses are hashed
  std::filesystem::path marker;  ///< how far this database was, to notice that a backup was put back

  /// `path` is a data directory, or a database file: an existing file, or a name that ends in `.db`.
  static DataFiles at(const std::filesystem::path& path);
  static DataFiles of(const std::filesystem::path& database);
};

/// Creates the directory (0700), with those above it, where missing; an error says why it cannot be.
Status make_directory(const std::filesystem::path& directory);

/// What was named in that file's directory is named there on disk.
void sync_directory_of(const std::filesystem::path& file);

/// Held by the one process that may write. The lock goes with the process, however it ends.
class DataLock {
 public:
  /// Waits up to two seconds for a holder that is about to end; then an error names it and where it listens.
  static Result<DataLock> take(const DataFiles& files);
  /// Writes down where this process listens, for whoever is refused.
  void announce(std::string_view address) const;

 private:
  explicit DataLock(OwnedFile file) : file_(std::move(file)) {}
  OwnedFile file_;
};

/// Which database, and how many commits it had.
struct DatabaseState {
  std::uint64_t store = 0;  ///< random number of the database
  std::uint64_t commits = 0;
};

/// The file that remembers the database's state outside of it. Written after each commit, not waited for: it may lag
/// behind the database, and is never ahead of it unless an older database was put back.
class EpochMarker {
 public:
  /// Opens the marker, or creates an empty one.
  static Result<EpochMarker> open(const DataFiles& files);
  /// What it remembers; nothing where it was just created or is not whole.
  std::optional<DatabaseState> read() const;
  Status write(const DatabaseState& state) const;

 private:
  explicit EpochMarker(OwnedFile file, std::string name) : file_(std::move(file)), name_(std::move(name)) {}
  OwnedFile file_;
  std::string name_;
};

}  // namespace tessera
