// Dies in many ways, each at a site of its own. See README.md.
#include "handler.h"

#include <cassert>
#include <dlfcn.h>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace media {

volatile int sink;
int *volatile nowhere = nullptr;

struct Codec {
  virtual ~Codec() = default;
  virtual int level() const { return 3; }
};
struct Settings {
  std::map<std::string, int> values;
  std::vector<int> levels{1, 2, 3};
};

// Faults in own code.
NOINLINE int clamp_profile(int profile) {
  int r = *nowhere + profile;
  sink = r;
  return r;
}
INLINE int negotiate(int profile) { return clamp_profile(profile * 2) + 1; }
template <class T> NOINLINE int setup_encoder(int n) {
  int r = negotiate(n + int(sizeof(T)));
  sink = r;
  return r + sink;
}
NOINLINE int write_level(int n) {
  nowhere[1] = n;
  sink = n;
  return n + 1;
}
NOINLINE int average(int total, int count) {
  int r = total / count;
  sink = r;
  return r;
}
// The same function from two callers.
NOINLINE int read_state(const int *p) {
  int r = p[4];
  sink = r;
  return r;
}
NOINLINE int on_pause() { int r = read_state(nowhere) + 1; sink = r; return r; }
NOINLINE int on_resume() { int r = read_state(nowhere) + 2; sink = r; return r; }
// Bad pointers given to the C library.
NOINLINE int measure_name() {
  int r = int(strlen(reinterpret_cast<const char *>(nowhere)));
  sink = r;
  return r;
}
NOINLINE int copy_frame() {
  char buffer[64];
  memcpy(buffer, const_cast<int *>(nowhere), size_t(sink) + 48);
  sink = buffer[3];
  return sink;
}
// Calls into nothing.
NOINLINE int call_hook() {
  int (*volatile hook)(int) = nullptr;
  int r = hook(3) + sink;
  sink = r;
  return r;
}
NOINLINE int call_codec() {
  Codec *volatile c = nullptr;
  int r = c->level() + 1;
  sink = r;
  return r;
}
// The end by decision.
NOINLINE int refuse_port() {
  sink = 4;
  abort();
}
NOINLINE int check_size(int n) {
  assert(n == 4 && "a size");
  sink = n;
  return n;
}
NOINLINE int close_twice() {
  char *p = static_cast<char *>(malloc(40));
  keep(p);
  free(p);
  free(p);
  sink = 1;
  return 1;
}
// Exceptions that nobody catches.
NOINLINE int find_mode(const Settings &s) {
  int r = s.values.at("mode");
  sink = r;
  return r;
}
NOINLINE int pick_level(const Settings &s, size_t n) {
  int r = s.levels.at(n);
  sink = r;
  return r;
}
NOINLINE int load_state() {
  int r = int(std::filesystem::file_size("/nowhere/state.toml"));
  sink = r;
  return r;
}
NOINLINE int reject() {
  if (sink < 100) {
    throw std::string("a mode that is none");
  }
  return sink;
}
NOINLINE int close_session() noexcept {
  if (sink < 100) {
    throw 7;
  }
  return sink;
}
// Recursion without end.
NOINLINE int descend(int n) {
  volatile char room[512];
  room[n & 511] = char(n);
  int r = n > 100000000 ? 0 : descend(n + 1) + room[3];
  sink = r;
  return r;
}
// In a lambda, and in another one of the same function.
NOINLINE int with_lambdas(bool second) {
  std::function<int(int)> a = [](int x) {
    int r = nowhere[x] + 5;
    sink = r;
    return r;
  };
  std::function<int(int)> b = [](int x) {
    int r = nowhere[x + 1] * 3;
    sink = r;
    return r;
  };
  int r = second ? b(2) : a(2);
  sink = r;
  return r;
}

NOINLINE int session(const std::string &site) {
  Settings s;
  keep(&s);
  int n = sink;
  if (site == "null-read") n = setup_encoder<char>(1);
  if (site == "null-read-int") n = setup_encoder<int>(1);
  if (site == "null-write") n = write_level(3);
  if (site == "divide") n = average(3, sink);
  if (site == "two-callers-a") n = on_pause();
  if (site == "two-callers-b") n = on_resume();
  if (site == "strlen") n = measure_name();
  if (site == "memcpy") n = copy_frame();
  if (site == "null-call") n = call_hook();
  if (site == "null-virtual") n = call_codec();
  if (site == "abort") n = refuse_port();
  if (site == "assert") n = check_size(n);
  if (site == "double-free") n = close_twice();
  if (site == "map-at") n = find_mode(s);
  if (site == "vector-at") n = pick_level(s, 9);
  if (site == "filesystem") n = load_state();
  if (site == "throw") n = reject();
  if (site == "noexcept") n = close_session();
  if (site == "recursion") n = descend(0);
  if (site == "lambda-a") n = with_lambdas(false);
  if (site == "lambda-b") n = with_lambdas(true);
  if (site == "thread") {
    std::thread t([] { sink = write_level(7) + on_pause(); });
    t.join();
  }
  sink = n;
  return n + 1;
}

// Sites in a plugin written in Rust: "plugin:PATH:NUMBER".
NOINLINE int plugin(const std::string &spec) {
  size_t at = spec.rfind(':');
  void *h = dlopen(spec.substr(0, at).c_str(), RTLD_NOW);
  if (!h) {
    return 90;
  }
  auto run = reinterpret_cast<int (*)(int)>(dlsym(h, "plugin_run"));
  int r = run(atoi(spec.substr(at + 1).c_str()));
  sink = r;
  return r;
}

} // namespace media

int main(int argc, char **argv) {
  if (argc < 3) {
    return 91;
  }
  install_handler(argv[2]);
  std::string site = argv[1];
  int r = site.rfind("plugin:", 0) == 0 ? media::plugin(site.substr(7)) : media::session(site);
  media::sink = r;
  return 92;
}
