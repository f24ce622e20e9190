package dump_test

import (
	"testing"

	"wolfdiag/dump"
)

func TestNormalizeFunction(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{"", ""},
		{"main", "main"},
		{"shutdown_handler(int)", "shutdown_handler"},
		{"void streaming::negotiate<H264>(H264 const&) [clone .cold]", "streaming::negotiate"},
		{"negotiate<H264>", "negotiate"},
		{"(anonymous namespace)::setup_encoder<int (*)(int)>", "{anonymous}::setup_encoder"},
		{"void (anonymous namespace)::foo<int>(int)", "{anonymous}::foo"},
		{"std::vector<int, std::allocator<int> >::at(unsigned long)", "std::vector::at"},
		{"std::vector<int>::operator[](unsigned long) const", "std::vector::operator[]"},
		{"bool operator<< <char>(std::ostream&, char)", "operator<<"},
		{"std::ostream& ns::operator<<(std::ostream&, X const&)", "ns::operator<<"},
		{"X::operator bool() const", "X::operator bool"},
		{"operator new(unsigned long)", "operator new"},
		{"X::operator->() const", "X::operator->"},
		{"std::optional<int>::value() const &", "std::optional::value"},
		{"stage::Clock::operator()(int) const (.isra.0)", "stage::Clock::operator()"},
		{"media::setup(int) (.part.0) (.cold)", "media::setup"},
		{"printf(char const*, ...)", "printf"},
		{"std::optional<int>::operator*() &&", "std::optional::operator*"},
		{"X::operator&&(X const&) const &", "X::operator&&"},
		{"X::operator()(int) const", "X::operator()"},
		{"setup()::{lambda(int)#1}::operator()(int) const", "setup::{lambda}"},
		{"setup(int)::{lambda(auto:1)#2}::_FUN(int)", "setup::{lambda}"},
		{"foo.isra.0", "foo"},
		{"foo.part.0.cold", "foo"},
		{"std::string::_M_create[abi:cxx11](unsigned long)", "std::string::_M_create"},
		{"waylanddisplaycore::comp::init::hb5d3b27aa9f6dcda", "waylanddisplaycore::comp::init"},
		{"<alloc::vec::Vec<T> as core::ops::drop::Drop>::drop::h0123456789abcdef", "<alloc::vec::Vec as core::ops::drop::Drop>::drop"},
		{"_$LT$alloc..vec..Vec$LT$T$GT$$u20$as$u20$core..ops..drop..Drop$GT$::drop", "<alloc::vec::Vec as core::ops::drop::Drop>::drop"},
		{"app::run::{{closure}}::h0123456789abcdef", "app::run::{closure}"},
		{"app::run::{closure#0}", "app::run::{closure}"},
		{"core::ptr::drop_in_place::<app::State>", "core::ptr::drop_in_place"},
		{"<app::State>::new", "app::State::new"},
		{"<app::State<T>>::new::<u8>", "app::State::new"},
		{"app::run::_$u7b$$u7b$closure$u7d$$u7d$::h0123456789abcdef", "app::run::{closure}"},
		{"memcpy@@GLIBC_2.14", "memcpy"},
		{"operators::add(int)", "operators::add"},
	} {
		t.Run(tc.in, func(t *testing.T) {
			if got := dump.NormalizeFunction(tc.in); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			if got := dump.NormalizeFunction(tc.want); got != tc.want {
				t.Errorf("normalising %q again gives %q", tc.want, got)
			}
		})
	}
}
