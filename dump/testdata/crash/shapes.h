#pragma once
#include <cstring>

inline int argc_of(int n) { return n * 3; }

namespace app {
static inline int twice(int x) { return x + x; }

// Not inlined: static code whose file is a header.
__attribute__((noinline)) static int from_header(int x) {
  char text[32];
  std::memset(text, x, sizeof text);
  return twice(text[x & 31]);
}
} // namespace app
