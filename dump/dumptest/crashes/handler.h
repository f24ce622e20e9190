// A crash handler of the structure of Wolf's: it writes cpptrace's layout. Its
// names are none that any list of handlers has.
#pragma once

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <initializer_list>

#include <fcntl.h>
#include <link.h>
#include <unistd.h>
#include <unwind.h>

#define NOINLINE __attribute__((noinline))
#define INLINE __attribute__((always_inline)) inline

// keep makes the compiler believe that memory is used.
inline void keep(void *p) { asm volatile("" : : "r"(p) : "memory"); }

namespace lastwords {

struct record {
  uintptr_t raw;
  uintptr_t object;
  char path[4097];
};
static_assert(sizeof(record) == 4120, "cpptrace's layout");

static const char *target;

struct walk {
  uintptr_t frames[100];
  size_t count = 0;
};

static _Unwind_Reason_Code step(_Unwind_Context *context, void *arg) {
  auto *w = static_cast<walk *>(arg);
  int before = 0;
  uintptr_t ip = _Unwind_GetIPInfo(context, &before);
  if (ip == 0 || w->count >= 100) {
    return _URC_END_OF_STACK;
  }
#ifdef EXACT_PC
  w->frames[w->count++] = before ? ip : ip - 1; // as cpptrace 0.8
#else
  w->frames[w->count++] = ip - 1; // as cpptrace of early 2024: also where a signal came
#endif
  return _URC_NO_REASON;
}

static int find(dl_phdr_info *info, size_t, void *arg) {
  auto *r = static_cast<record *>(arg);
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const auto &ph = info->dlpi_phdr[i];
    uintptr_t from = info->dlpi_addr + ph.p_vaddr;
    if (ph.p_type == PT_LOAD && r->raw >= from && r->raw < from + ph.p_memsz) {
      r->object = r->raw - info->dlpi_addr;
      if (info->dlpi_name && info->dlpi_name[0]) {
        strncpy(r->path, info->dlpi_name, 4096);
      } else if (readlink("/proc/self/exe", r->path, 4096) < 0) {
        r->path[0] = 0;
      }
      return 1;
    }
  }
  return 0;
}

NOINLINE static void put_down() {
#ifdef SHIFT
  asm volatile(".skip " SHIFT ", 0x90"); // another build: the handler's offset differs
#endif
  walk w;
  _Unwind_Backtrace(step, &w);
  int fd = open(target, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (fd < 0 || write(fd, &w.count, sizeof(w.count)) < 0) {
    return;
  }
  for (size_t i = 0; i < w.count; i++) {
    record r{};
    r.raw = w.frames[i];
    dl_iterate_phdr(find, &r);
    if (write(fd, &r, sizeof(r)) < 0) {
      break;
    }
  }
  close(fd);
}

NOINLINE static void farewell(int signal) {
  put_down();
  _exit(signal);
}

} // namespace lastwords

static void install_handler(const char *path) {
  lastwords::target = path;
  static char room[1 << 16];
  stack_t stack{};
  stack.ss_sp = room;
  stack.ss_size = sizeof(room);
  sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_handler = lastwords::farewell;
  action.sa_flags = SA_ONSTACK;
  for (int s : {SIGSEGV, SIGABRT, SIGFPE, SIGILL, SIGBUS}) {
    sigaction(s, &action, nullptr);
  }
  std::set_terminate([] { lastwords::farewell(SIGABRT); });
}
