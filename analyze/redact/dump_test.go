package redact

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// TestDump: paths in a crash dump are masked and what lies behind them is wiped;
// addresses and the size stay.
func TestDump(t *testing.T) {
	t.Parallel()
	record := func(path string) []byte {
		rec := make([]byte, dumpRecord)
		binary.LittleEndian.PutUint64(rec, 0x55aa2fafc61b)
		binary.LittleEndian.PutUint64(rec[8:], 0xc61b)
		copy(rec[dumpPath:], path+"\x00left over kuerbis-77")
		return rec
	}
	dump := binary.LittleEndian.AppendUint64(nil, 2)
	dump = append(append(dump, record("/home/robin/wolf/wolf")...), record("/usr/lib/libc.so.6")...)
	r := New()
	got, ok := r.Dump(dump)
	if !ok || len(got) != len(dump) {
		t.Fatalf("ok is %v, %d bytes became %d", ok, len(dump), len(got))
	}
	for _, word := range []string{"robin", "left over", "kuerbis"} {
		if bytes.Contains(got, []byte(word)) {
			t.Errorf("%q is left", word)
		}
	}
	for _, word := range []string{"/home/user-1/wolf/wolf\x00", "/usr/lib/libc.so.6\x00"} {
		if !bytes.Contains(got, []byte(word)) {
			t.Errorf("%q is gone", word)
		}
	}
	if !bytes.Equal(got[:24], dump[:24]) {
		t.Error("count or addresses changed")
	}

	boost := binary.LittleEndian.AppendUint64(nil, 0x55aa2fafc61b)
	boost = binary.LittleEndian.AppendUint64(boost, 0)
	if got, ok := r.Dump(boost); !ok || !bytes.Equal(got, boost) {
		t.Error("a dump of bare addresses did not stay")
	}
	for name, other := range map[string][]byte{"text": []byte("DB_PASSWORD=kuerbis\n"), "cut": dump[:len(dump)-1], "nothing": nil, "strings": []byte("kuerbis-77 kuerbis-77 \x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")} {
		if _, ok := r.Dump(other); ok {
			t.Errorf("%s is taken for a dump", name)
		}
	}
}
