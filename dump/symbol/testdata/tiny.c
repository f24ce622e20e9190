/* gcc -g -gdwarf-5 -O2 -nostdlib -shared -fPIC -Wl,--build-id=sha1 -ffile-prefix-map=$PWD=/src -o tiny5.so tiny.c
   gcc -g -gdwarf-4 -O2 -nostdlib -shared -fPIC -Wl,--build-id=sha1 -ffile-prefix-map=$PWD=/src -gz=zlib -o tiny4z.so tiny.c */
volatile int sink;

static inline __attribute__((always_inline)) int twice(int x) {
  sink = x;
  return x * 2 + sink;
}

__attribute__((noinline)) int tiny_callee(int x) { return twice(x) + 1; }

int tiny_caller(int x) { return tiny_callee(x + 1) + sink; }
