#pragma once

#include <vector>

namespace tessera {

/// What comes in, and how far it has come. Something that is drawn in this frame but was not in the last has just come.
/// Times are seconds of any one clock.
class Transitions {
 public:
  /// 0 … 1, eased out over `measure::motion`; `still`: 1 at once. To be asked in every frame in which the thing is
  /// drawn.
  float entered(unsigned id, double time, bool still);
  /// A panel is not as large as its content yet: one more frame.
  void unsettled() { unsettled_ = true; }
  /// Forgets what was not drawn in this frame. Answers whether another frame is needed at once.
  bool end_frame(double time, bool still);

 private:
  struct Entry {
    unsigned id = 0;
    double since = 0;
    int frames = 0;
    bool drawn = false;
  };
  std::vector<Entry> entries_;
  bool unsettled_ = false;
};

}  // namespace tessera
