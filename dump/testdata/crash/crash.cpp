// Crashes on request and writes a dump the way Wolf does. See README.md.
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <unistd.h>
#include <unwind.h>

#ifndef VARIANT
#define VARIANT 0
#endif

#if VARIANT
#define STRING2(x) #x
#define STRING(x) STRING2(x)
// Code that only this build has.
volatile int moved;
__attribute__((noinline)) int padding(int x) {
  for (int i = 0; i < VARIANT; i++) {
    moved = moved * 3 + x;
  }
  return moved;
}
#endif

struct safe_object_frame {
  uintptr_t raw_address;
  uintptr_t address_relative_to_object_start;
  char object_path[4097];
};
static_assert(sizeof(safe_object_frame) == 4120, "cpptrace's layout");

static const char *dump_path = "backtrace.dump";

struct walk_state {
  uintptr_t *frames;
  size_t count, max;
};

static _Unwind_Reason_Code on_frame(_Unwind_Context *context, void *arg) {
  auto *state = static_cast<walk_state *>(arg);
  int before = 0;
  uintptr_t ip = _Unwind_GetIPInfo(context, &before);
  if (ip == 0 || state->count >= state->max) {
    return _URC_END_OF_STACK;
  }
  state->frames[state->count++] = before ? ip : ip - 1;
  return _URC_NO_REASON;
}

struct find_state {
  safe_object_frame *frame;
};

static int on_object(dl_phdr_info *info, size_t, void *arg) {
  auto *frame = static_cast<find_state *>(arg)->frame;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const auto &ph = info->dlpi_phdr[i];
    uintptr_t from = info->dlpi_addr + ph.p_vaddr;
    if (ph.p_type == PT_LOAD && frame->raw_address >= from && frame->raw_address < from + ph.p_memsz) {
      frame->address_relative_to_object_start = frame->raw_address - info->dlpi_addr;
      if (info->dlpi_name && info->dlpi_name[0]) {
        strncpy(frame->object_path, info->dlpi_name, 4096);
      } else if (readlink("/proc/self/exe", frame->object_path, 4096) < 0) {
        frame->object_path[0] = 0;
      }
      return 1;
    }
  }
  return 0;
}

__attribute__((noinline)) static void safe_dump_stacktrace_to(const char *path) {
#if VARIANT
  asm volatile(".skip " STRING(VARIANT) ", 0x90"); // the handler's offset differs
#endif
  uintptr_t buffer[100];
  walk_state state{buffer, 0, 100};
  _Unwind_Backtrace(on_frame, &state);
  size_t count = state.count;
  int fd = open(path, O_WRONLY | O_CREAT, 0666); // no O_TRUNC, as in Wolf
  if (fd < 0 || write(fd, &count, sizeof(count)) < 0) {
    return;
  }
  for (size_t i = 0; i < count; i++) {
    safe_object_frame frame{};
    frame.raw_address = buffer[i];
    find_state find{&frame};
    dl_iterate_phdr(on_object, &find);
    if (write(fd, &frame, sizeof(frame)) < 0) {
      break;
    }
  }
  close(fd);
}

__attribute__((noinline)) static void shutdown_handler(int signum) {
  safe_dump_stacktrace_to(dump_path);
  _exit(signum);
}

static void on_terminate() { shutdown_handler(SIGABRT); }

namespace streaming {

struct H264 {
  static constexpr int id = 1;
};
struct HEVC {
  static constexpr int id = 2;
};

volatile int sink;
int *volatile nowhere = nullptr;

__attribute__((always_inline)) inline int clamp_profile(int profile) {
  return *nowhere + profile; // the fault
}

template <class Codec>
__attribute__((always_inline)) inline int negotiate(const Codec &, int profile) {
  sink = profile;
  return clamp_profile(profile * 2 + Codec::id) + 1;
}

template <class Codec>
__attribute__((noinline)) int setup_encoder(const Codec &codec, int profile) {
  int r = negotiate(codec, profile + 1);
  sink = r;
  return r + sink;
}

class Session {
public:
  explicit Session(int id) : id_(id) {}
  virtual ~Session() = default;
  __attribute__((noinline)) virtual int start(const std::string &how);

private:
  int id_;
};

namespace {
__attribute__((noinline)) int check_list(const std::vector<int> &v, size_t at) {
  int r = v.at(at); // throws
  sink = r;
  return r + 1;
}
} // namespace

__attribute__((noinline)) int refuse(int code) {
  sink = code;
  std::abort();
}

__attribute__((noinline)) static int count_down(int n) {
  if (n == 0) {
    return setup_encoder(HEVC{}, n);
  }
  int r = count_down(n - 1) + sink;
  sink = r;
  return r;
}

int Session::start(const std::string &how) {
#if VARIANT
  sink = padding(id_) + padding(2);
#endif
  int r = 0;
  if (how == "segv") {
    r = setup_encoder(H264{}, id_);
  } else if (how == "abort") {
    r = refuse(id_);
  } else if (how == "throw") {
    r = check_list(std::vector<int>{1, 2, 3}, 7 + id_);
  } else if (how == "recursion") {
    r = count_down(12);
  } else if (how == "lambda") {
    std::function<int(int)> f = [this](int x) {
      int inner = setup_encoder(HEVC{}, x + id_);
      sink = inner;
      return inner + 1;
    };
    r = f(3) + sink;
  } else if (how == "null-call") {
    int (*volatile gone)(int) = nullptr;
    r = gone(id_) + sink;
  } else if (how == "strlen") {
    r = int(std::strlen(reinterpret_cast<const char *>(nowhere))) + sink;
  } else if (how == "free") {
    std::unique_ptr<char, void (*)(void *)> p(reinterpret_cast<char *>(const_cast<int *>(&sink)), std::free);
  } else if (how == "map") {
    std::map<std::string, int> m{{"a", 1}};
    r = m.at(how) + sink;
  }
  sink = r;
  return r + 1;
}

} // namespace streaming

__attribute__((noinline)) static int launch(const std::string &how) {
  auto s = std::make_unique<streaming::Session>(5);
  int r = s->start(how) + 1;
  streaming::sink = r;
  return r;
}

int main(int argc, char **argv) {
  std::string how = argc > 1 ? argv[1] : "segv";
  if (argc > 2) {
    dump_path = argv[2];
  }
  struct sigaction action {};
  action.sa_handler = shutdown_handler;
  sigaction(SIGSEGV, &action, nullptr);
  sigaction(SIGABRT, &action, nullptr);
  std::set_terminate(on_terminate);
  if (how.rfind("thread-", 0) == 0) {
    std::thread t([how] { streaming::sink = launch(how.substr(7)); });
    t.join();
    return 0;
  }
  int r = launch(how);
  streaming::sink = r;
  return r;
}
