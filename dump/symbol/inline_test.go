package symbol

import (
	"bytes"
	"context"
	"encoding/binary"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCallFile: DWARF 5 numbers the files of a line table from 0, which Clang uses
// for calls in the primary source; GCC lists that one as 0 and as 1.
func TestCallFile(t *testing.T) {
	t.Parallel()
	call := []byte{1, 10, 59} // of twice in tiny_callee: file, line, column
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"file 1", tiny(t, "tiny5.so"), "/src/tiny.c"},
		{"file 0", mutate(t, "tiny5.so", ".debug_info", replace(t, call, []byte{0, 10, 59})), "/src/tiny.c"},
		{"a file that is not listed", mutate(t, "tiny5.so", ".debug_info", replace(t, call, []byte{99, 10, 59})), ""},
		{"no file", mutate(t, "tiny5.so", ".debug_abbrev", replace(t, []byte{0x58, 0x0b, 0x59, 0x0b}, []byte{0x0b, 0x0b, 0x59, 0x0b})), ""},
	} {
		got, problem := lookAll(context.Background(), tt.data, tinyAddresses)
		if problem != "" || len(got[0]) != 2 {
			t.Errorf("%s: %v, problem %q", tt.name, got[0], problem)
			continue
		}
		if caller := got[0][1]; caller.File != tt.want || caller.Line != 10 {
			t.Errorf("%s: called from %q line %d, want %q line 10", tt.name, caller.File, caller.Line, tt.want)
		}
	}
}

// replace changes the one place that holds some bytes.
func replace(t *testing.T, from, to []byte) func([]byte) {
	return func(b []byte) {
		t.Helper()
		if bytes.Count(b, from) != 1 {
			t.Fatalf("% x stands in %d places, want one", from, bytes.Count(b, from))
		}
		copy(b[bytes.Index(b, from):], to)
	}
}

// TestUnreadableRanges: an entry whose ranges are damaged is left out and counted,
// and spoils no other.
func TestUnreadableRanges(t *testing.T) {
	t.Parallel()
	const base = 0x1000
	addr := func(b []byte, v uint64) []byte { return binary.LittleEndian.AppendUint64(b, v) }
	word := func(b []byte, v uint32) []byte { return binary.LittleEndian.AppendUint32(b, v) }
	abbrev := []byte{
		1, 0x11, 1, 0x11, 0x01, 0x12, 0x06, 0, 0, // compile unit with children: low_pc addr, high_pc data4
		2, 0x2e, 0, 0x03, 0x08, 0x55, 0x17, 0, 0, // subprogram: name string, ranges sec_offset
		3, 0x2e, 0, 0x03, 0x08, 0x11, 0x01, 0x12, 0x06, 0, 0, // subprogram: name string, low_pc addr, high_pc data4
		0,
	}
	die := word(addr([]byte{1}, base), 0x100)
	die = word(append(append(die, 2), "lost\x00"...), 0x999)
	die = word(append(append(die, 2), "apart\x00"...), 0)
	die = word(addr(append(append(die, 3), "whole\x00"...), base+0x80), 0x10)
	die = append(die, 0)
	info := word(nil, uint32(7+len(die)))
	info = append(info, 4, 0, 0, 0, 0, 0, 8) // version, offset of abbreviations, bytes of an address
	info = append(info, die...)
	ranges := addr(addr(addr(addr(nil, 0x10), 0x20), 0), 0) // from the base of the unit

	dd, err := prepareDWARF(context.Background(), map[string][]byte{".debug_abbrev": abbrev, ".debug_info": info, ".debug_ranges": ranges})
	if err != nil {
		t.Fatal(err)
	}
	out := make([][]Location, 3)
	if err := dd.resolve([]Address{{Offset: base + 0x15}, {Offset: base + 0x50}, {Offset: base + 0x85}}, out); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]Location{{{Function: "apart"}}, nil, {{Function: "whole"}}}, out); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if want := "DWARF entries whose address ranges cannot be read: 1; functions may be missing"; dd.missing() != want {
		t.Errorf("missing() = %q, want %q", dd.missing(), want)
	}
}
