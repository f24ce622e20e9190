// Dies in other ways than sites.cpp, most of them inside of what the standard
// library calls or is called by. See README.md.
#include "handler.h"

#include <algorithm>
#include <dlfcn.h>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <sys/mman.h>
#include <thread>
#include <typeinfo>
#include <variant>
#include <vector>

namespace stage {

volatile int sink;
int *volatile nowhere = nullptr;

NOINLINE int pick_seat(const std::optional<int> &o) { int r = o.value() + 1; sink = r; return r; }
NOINLINE int read_event(const std::variant<int, std::string> &v) { int r = std::get<int>(v) + 1; sink = r; return r; }
NOINLINE int parse_port(const std::string &s) { int r = std::stoi(s) + 1; sink = r; return r; }
NOINLINE int run_callback(const std::function<int(int)> &f) { int r = f(sink) + 1; sink = r; return r; }
NOINLINE int cut_name(const std::string &s) { int r = s.at(size_t(sink) + 40) + 1; sink = r; return r; }
NOINLINE int leave_thread() {
  std::thread t([] { sink = 3; });
  keep(&t);
  sink = 4;
  return 5; // t is destroyed while it runs
}
struct Scene {
  NOINLINE Scene() { sink = describe(this) + 1; }
  virtual ~Scene() = default;
  virtual int size() const = 0;
  NOINLINE static int describe(Scene *s) { int r = s->size() + 2; sink = r; return r; }
};
struct Menu : Scene {
  int size() const override { return 3; }
};
NOINLINE int open_menu() { Menu m; keep(&m); return sink; }
NOINLINE int check_magic(int n) {
  if (n < 100) {
    __builtin_trap();
  }
  sink = n;
  return n;
}
NOINLINE int leave_scope(int n);
NOINLINE int enter_scope(int n) { volatile char room[300]; room[n & 255] = 1; int r = leave_scope(n + 1) + room[3]; sink = r; return r; }
NOINLINE int leave_scope(int n) { volatile char room[200]; room[n & 127] = 1; int r = n > 1 << 28 ? 0 : enter_scope(n + 1) + room[2]; sink = r; return r; }
// Own code below the library's.
struct Node { int level; Node *next; };
NOINLINE int visit_all(std::vector<Node *> &all) {
  std::for_each(all.begin(), all.end(), [](Node *n) { sink = sink + n->level; });
  return sink;
}
NOINLINE bool compare_modes(const Node *a, const Node *b) { bool r = a->level < b->level; sink = r; return r; }
NOINLINE int sort_modes(std::vector<Node *> &all) { std::sort(all.begin(), all.end(), compare_modes); return sink; }
NOINLINE int compare_ids(const void *a, const void *b) { int r = **static_cast<int *const *>(a) - **static_cast<int *const *>(b); sink = r; return r; }
NOINLINE int sort_ids() { int *ids[6] = {}; keep(ids); qsort(ids, 6, sizeof(int *), compare_ids); return sink; }
NOINLINE int read_mapped() {
  char name[] = "/tmp/mappedXXXXXX";
  int fd = mkstemp(name);
  unlink(name);
  if (ftruncate(fd, 8192) != 0) return 0;
  auto *p = static_cast<volatile char *>(mmap(nullptr, 8192, PROT_READ, MAP_SHARED, fd, 0));
  if (ftruncate(fd, 0) != 0) return 0;
  int r = p[5000] + 1;
  sink = r;
  return r;
}
NOINLINE int release_buffer() { free(reinterpret_cast<void *>(size_t(sink) + 0x1238)); sink = 2; return 2; }
struct Guard {
  NOINLINE ~Guard() noexcept(false) { if (sink < 100) throw 5; }
};
NOINLINE int unwind_twice() { Guard g; keep(&g); if (sink < 100) throw 6; return sink; }
struct Source { virtual ~Source() = default; };
struct Video : Source { int width = 3; };
NOINLINE int as_video(Source &s) { int r = dynamic_cast<Video &>(s).width + 1; sink = r; return r; }
NOINLINE int list_games() { int n = 0; for (auto &e : std::filesystem::directory_iterator("/nowhere/games")) n += e.path().empty(); sink = n; return n; }
NOINLINE int compile_filter(const std::string &s) { std::regex r(s); keep(&r); sink = 2; return 2; }
NOINLINE int reserve_frames(size_t n) { std::vector<long> v; v.resize(n); keep(v.data()); sink = 3; return 3; }
NOINLINE int forward_error() {
  try {
    if (sink < 100) throw std::string("late");
  } catch (const std::string &) {
    sink = 3;
    throw;
  }
  return sink;
}
NOINLINE int finish_promise() { std::promise<int> p; p.set_value(1); p.set_value(2); sink = 4; return 4; }
struct Session : std::enable_shared_from_this<Session> { int n = 0; };
NOINLINE int keep_alive(Session &s) { auto p = s.shared_from_this(); sink = p->n; return sink; }
namespace {
struct Painter { virtual ~Painter() = default; NOINLINE virtual int paint(int n) { int r = nowhere[n] + 2; sink = r; return r; } };
struct Writer { virtual ~Writer() = default; NOINLINE virtual int paint(int n) { int r = nowhere[n + 3] * 5; sink = r; return r; } };
} // namespace
NOINLINE int draw() { Painter p; Painter *volatile q = &p; int r = q->paint(1) + 1; sink = r; return r; }
NOINLINE int write_out() { Writer p; Writer *volatile q = &p; int r = q->paint(1) + 1; sink = r; return r; }
struct Clock {
  NOINLINE int operator()(int n) const { int r = nowhere[n + 7] - 1; sink = r; return r; }
  NOINLINE Clock &operator+=(int n) { sink = nowhere[n + 9]; return *this; }
};
NOINLINE int call_clock() { Clock c; keep(&c); int r = c(2) + 1; sink = r; return r; }
NOINLINE int add_clock() { Clock c; keep(&c); c += 3; return sink; }

NOINLINE int session(const std::string &site) {
  std::vector<Node *> all(5, nullptr);
  keep(all.data());
  Source plain;
  Session lone;
  int n = sink;
  if (site == "optional") n = pick_seat({});
  if (site == "variant") n = read_event(std::string("x"));
  if (site == "stoi") n = parse_port("x");
  if (site == "function") n = run_callback(nullptr);
  if (site == "string-at") n = cut_name("abc");
  if (site == "thread") n = leave_thread();
  if (site == "pure") n = open_menu();
  if (site == "trap") n = check_magic(n);
  if (site == "mutual") n = enter_scope(0);
  if (site == "for-each") n = visit_all(all);
  if (site == "sort") n = sort_modes(all);
  if (site == "qsort") n = sort_ids();
  if (site == "bus") n = read_mapped();
  if (site == "bad-free") n = release_buffer();
  if (site == "destructor") n = unwind_twice();
  if (site == "bad-cast") n = as_video(plain);
  if (site == "directory") n = list_games();
  if (site == "regex") n = compile_filter("[a");
  if (site == "length") n = reserve_frames(size_t(-1) / 9);
  if (site == "rethrow") n = forward_error();
  if (site == "promise") n = finish_promise();
  if (site == "weak") n = keep_alive(lone);
  if (site == "anonymous-a") n = draw();
  if (site == "anonymous-b") n = write_out();
  if (site == "call-operator") n = call_clock();
  if (site == "add-operator") n = add_clock();
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

} // namespace stage

int main(int argc, char **argv) {
  if (argc < 3) {
    return 91;
  }
  install_handler(argv[2]);
  std::string site = argv[1];
  int r = site.rfind("plugin:", 0) == 0 ? stage::plugin(site.substr(7)) : stage::session(site);
  stage::sink = r;
  return 92;
}
