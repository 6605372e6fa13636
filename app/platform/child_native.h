#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "shared/base/result.h"

namespace tessera {

/// A program started with pipes at its standard input, output and error. Closing its input tells it to end; so does the end
/// of this process, since nobody else holds that pipe. Any one thread at a time.
class Child {
 public:
  /// `secrets`: `NAME=value` each, in its environment beside this process's own.
  static Result<Child> start(const std::string& program, const std::vector<std::string>& arguments,
                             const std::vector<std::string>& secrets = {});
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  /// Closes its input, waits a while, then kills.
  ~Child();

  int output() const { return output_; }
  int errors() const { return errors_; }
  /// Closes its input.
  void ask_to_end();
  /// Waits until it has ended, kills it after some seconds; true where it ended by itself with status 0.
  bool wait();

 private:
  Child() = default;
  pid_t pid_ = -1;
  int input_ = -1, output_ = -1, errors_ = -1;
};

/// `name` beside this program, else on PATH; nothing where it is in neither.
std::optional<std::string> find_program(const std::string& name);
/// The folder this program is in, as the system tells.
std::string program_folder();

}  // namespace tessera
