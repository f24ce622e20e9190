package symbol_test

import (
	"strings"
	"testing"

	"wolfdiag/dump/symbol"
)

func TestDemangle(t *testing.T) {
	for _, tc := range []struct{ name, want string }{
		{"_ZN9streaming7Session5startERKSs", "streaming::Session::start(std::string const&)"},
		{"_ZN6launchE", "launch"},
		{"_RNvMCs1_4compNtB2_5State6render", "<comp::State>::render"},
		{"_ZN4comp5State6render17hc40408cb99586221E", "comp::State::render"},
		// Two underscores of its own, after a length or after an escape.
		{"_ZN3std3sys9backtrace28__rust_begin_short_backtrace17hc40408cb99586221E", "std::sys::backtrace::__rust_begin_short_backtrace"},
		{"_ZN4core9core_arch3x864sse214_mm_cmpeq_epi817hf1effaacb22c6f82E", "core::core_arch::x86::sse2::_mm_cmpeq_epi8"},
		{"_ZN53_$LT$comp..State$u20$as$u20$core..ops..drop..Drop$GT$4drop17hc40408cb99586221E", "<comp::State as core::ops::drop::Drop>::drop"},
		{"_ZSt12__get_helperILm0ERKlJEERT0_RSt11_Tuple_implIXT_EJS2_DpT1_EE", "long const& std::__get_helper<0ul, long const&>(std::_Tuple_impl<0ul, long const&>&)"},
		{"_ZN4core9panicking9panic_fmt17h0123456789abcdefE", "core::panicking::panic_fmt"},
		{"_RNvCs1234_7mycrate3foo", "mycrate::foo"},
		{"main", "main"}, {"_Z", "_Z"}, {"_ZN", "_ZN"},
		{"_Z" + strings.Repeat("N", 40000), ""},
		{"_Znot_a_name", "_Znot_a_name"},
		{"_ZN99999999999999999999a17hc40408cb99586221E", "_ZN99999999999999999999a17hc40408cb99586221E"},
		{"_ZN" + strings.Repeat("1a", 40000) + "E", ""},
	} {
		got := symbol.Demangle(tc.name)
		if tc.want == "" {
			tc.want = tc.name // cannot be read, or is too long
		}
		if got != tc.want {
			t.Errorf("Demangle(%.80q) = %.200q, want %.200q", tc.name, got, tc.want)
		}
	}
}
