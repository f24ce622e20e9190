// Functions of every shape that has a name of its own in debug information:
// templates, packs, lambdas, static and anonymous ones, virtual bases, inherited
// constructors, operators. Nothing here crashes: the tests look up addresses all
// over it. See README.md.
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "shapes.h"

namespace app {

volatile int sink;

namespace {
struct Guard {
  int held;
  explicit Guard(int n) : held(n) { sink = n; }
  ~Guard() { sink = held; }
  int operator()(int x) const { return held + x; }
  bool operator<(const Guard &o) const { return held < o.held; }
};

inline int total(const int *p, int n) {
  int s = 0;
  for (int i = 0; i < n; i++) {
    s += p[i] * sink;
  }
  return s;
}

int guarded(const int *p, int n) {
  Guard g(n);
  return total(p, g(n)) + g.held;
}
} // namespace

static int sorted(const std::vector<int> &v) {
  std::vector<int> w(v);
  std::sort(w.begin(), w.end(), [](int a, int b) { return a > b; });
  return w.empty() ? 0 : w[0] + guarded(w.data(), int(w.size()));
}

template <class... Parts> struct Chain {
  std::tuple<Parts...> parts;
  template <class F> int each(F &&f) const {
    return std::apply([&](const auto &...p) { return (0 + ... + f(p)); }, parts);
  }
};

template <int N> struct Steps {
  static int go(int x) { return Steps<N - 1>::go(x + 1) + N; }
};
template <> struct Steps<0> {
  static int go(int x) { return sink = x; }
};

struct Base {
  virtual ~Base() = default;
  virtual int run(int) = 0;
};
struct Text : virtual Base {
  std::string s;
  int run(int x) override {
    s += std::to_string(x);
    return int(s.size());
  }
};
struct Number : virtual Base {
  int run(int x) override { return x; }
};
struct Both : Text, Number {
  std::shared_ptr<int> p = std::make_shared<int>(3);
  int run(int x) override { return Text::run(x) + Number::run(*p); }
};
int operator+(const Both &a, int b) { return b + int(a.s.size()); }

struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

int pick(int x) {
  static const std::map<std::string, int> known{{"a", 1}};
  try {
    switch (x & 3) {
    case 0:
      throw x;
    case 1:
      throw Error("one");
    case 2:
      return known.at("q");
    }
  } catch (int y) {
    return y;
  } catch (const std::exception &e) {
    return int(std::string(e.what()).size());
  }
  return x;
}

} // namespace app

extern "C" int plain_c(int x) { return x <= 0 ? 1 : x * plain_c(x - 1); }

int main(int argc, char **argv) {
  std::vector<int> v;
  for (int i = 0; i < argc * 10; i++) {
    v.push_back(i * 7 % 11);
  }
  int r = app::sorted(v) + app::Steps<5>::go(argc) + plain_c(argc);
  app::Both both;
  app::Base *base = &both;
  r += base->run(argc) + (both + 4);
  std::function<int(std::string)> f = [&](std::string s) {
    auto inner = [&s, r](auto x) { return int(s.size()) + r + int(x); };
    return inner(3) + inner(2.5);
  };
  r += f(argv[0]);
  app::Chain<int, double, std::string> chain{{1, 2.5, argv[0]}};
  r += chain.each([](const auto &x) { return int(sizeof x) + app::from_header(argc_of(int(sizeof x))); });
  return r + app::pick(argc);
}
