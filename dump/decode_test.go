package dump_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/dump"
	"wolfdiag/dump/dumptest"
)

func decode(b []byte) dump.Trace { return dump.Decode(b, int64(len(b))) }

func gz(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func withCount(b []byte, n uint64) []byte {
	b = bytes.Clone(b)
	binary.LittleEndian.PutUint64(b, n)
	return b
}

func TestDecodeTrust(t *testing.T) {
	one, two := dumptest.NewProcess(1), dumptest.NewProcess(2)
	trace := one.Segv(0x100, 0x200, 0x300)
	older := two.Segv(0x500, 0x600, 0x700, 0x800, 0x900)
	whole := dumptest.Cpptrace(trace)
	mixed := append([]dump.Frame{}, trace...)
	for i := 1; i < len(mixed); i += 2 {
		mixed[i] = older[i]
	}
	boost := dumptest.Boost(trace)
	text := dumptest.CpptraceText(trace)
	for _, tc := range []struct {
		name   string
		in     []byte
		kind   dump.Kind
		status dump.Status
		frames []dump.Frame
		warn   string
	}{
		{"whole", whole, dump.KindCpptrace, dump.StatusOK, trace, ""},
		{"gzip", gz(t, whole), dump.KindCpptrace, dump.StatusOK, trace, ""},
		{"gzip cut off", gz(t, whole)[:len(gz(t, whole))-20], dump.KindCpptrace, dump.StatusTruncated, nil, "end early"},
		{"older dump behind the count", append(bytes.Clone(whole), dumptest.Records(older[len(trace):])...), dump.KindCpptrace, dump.StatusStaleTail, trace, "older dump follow"},
		{"same process behind the count", append(bytes.Clone(whole), dumptest.Records(trace[2:4])...), dump.KindCpptrace, dump.StatusStaleTail, trace, "same process"},
		{"older dump inside the count", dumptest.Cpptrace(append(append([]dump.Frame{}, trace...), older[len(trace):]...)), dump.KindCpptrace, dump.StatusStaleTail, trace, "other load bases"},
		{"interleaved", dumptest.Cpptrace(mixed), dump.KindCpptrace, dump.StatusMixedThreads, nil, "interleaved"},
		{"cut between records", whole[:8+3*4120], dump.KindCpptrace, dump.StatusTruncated, trace[:3], "3 frames recovered"},
		{"cut behind a path", whole[:8+3*4120+200], dump.KindCpptrace, dump.StatusTruncated, trace[:4], "4 frames recovered"},
		{"cut inside a path", whole[:8+3*4120+20], dump.KindCpptrace, dump.StatusTruncated, trace[:3], "3 frames recovered"},
		{"cut inside the first path", whole[:8+20], dump.KindCpptrace, dump.StatusTruncated, nil, "0 frames recovered"},
		{"count of 2^64-1", withCount(whole, ^uint64(0)), dump.KindCpptrace, dump.StatusCorrupt, trace, "18446744073709551615"},
		{"count of 101", withCount(whole, 101), dump.KindCpptrace, dump.StatusCorrupt, trace, "101 frames"},
		{"count of 0 with frames", withCount(whole, 0), dump.KindCpptrace, dump.StatusCorrupt, trace, "0 frames"},
		{"count of 0", make([]byte, 8), dump.KindCpptrace, dump.StatusNoFrames, nil, "0 frames"},
		{"head lost", whole[8+100:], dump.KindCpptrace, dump.StatusCorrupt, trace[1:], "offset 4020"},
		{"something before", append([]byte("xyz"), whole...), dump.KindCpptrace, dump.StatusCorrupt, trace, "offset 11"},
		{"empty", nil, dump.KindUnknown, dump.StatusEmpty, nil, "no bytes"},
		{"zeros", make([]byte, 8+4120*5), dump.KindUnknown, dump.StatusCorrupt, nil, "never written"},
		{"text", []byte("hello\nworld\n"), dump.KindUnknown, dump.StatusNotADump, nil, "text without"},
		{"elf", append([]byte("\x7fELF\x02\x01\x01"), make([]byte, 9000)...), dump.KindUnknown, dump.StatusNotADump, nil, "ELF"},
		{"binary noise", bytes.Repeat([]byte{0xfe, 0xed, 0x00, 0x93, 0x11}, 999), dump.KindUnknown, dump.StatusNotADump, nil, "no known layout"},
		{"text layout", text, dump.KindCpptraceText, dump.StatusOK, trace, ""},
		{"text layout cut off", text[:len(text)-4000], dump.KindCpptraceText, dump.StatusTruncated, trace, "frames recovered"},
		{"boost", boost, dump.KindBoost, dump.StatusOK, rawOnly(trace), ""},
		{"boost without its end", boost[:len(boost)-8], dump.KindBoost, dump.StatusTruncated, rawOnly(trace), "no zero word"},
		{"boost over an older one", append(bytes.Clone(boost), boost[:16]...), dump.KindBoost, dump.StatusStaleTail, rawOnly(trace), "follow the zero"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := decode(tc.in)
			if got.Kind != tc.kind || got.Status != tc.status {
				t.Errorf("got kind %s status %s, want %s %s; warnings %q", got.Kind, got.Status, tc.kind, tc.status, got.Warnings)
			}
			if tc.frames != nil {
				if diff := cmp.Diff(tc.frames, got.Frames); diff != "" {
					t.Errorf("frames (-want +got):\n%s", diff)
				}
			}
			all := strings.Join(got.Warnings, "\n")
			if tc.warn == "" && all != "" || !strings.Contains(all, tc.warn) {
				t.Errorf("warnings %q, want %q", all, tc.warn)
			}
		})
	}
}

func rawOnly(frames []dump.Frame) []dump.Frame {
	out := make([]dump.Frame, len(frames))
	for i := range frames {
		out[i] = dump.Frame{Raw: frames[i].Raw}
	}
	return out
}

func TestDecodeMixedKeepsFirstTrace(t *testing.T) {
	one, two := dumptest.NewProcess(1), dumptest.NewProcess(2)
	mixed := one.Segv(0x100, 0x200, 0x300)
	mixed[3] = two.At(dumptest.Wolf, 0x900)
	got := decode(dumptest.Cpptrace(mixed))
	want := append(append([]dump.Frame{}, mixed[:3]...), mixed[4:]...)
	if diff := cmp.Diff(want, got.Frames); diff != "" {
		t.Errorf("frames (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(mixed[3:4], got.Dropped); diff != "" {
		t.Errorf("dropped (-want +got):\n%s", diff)
	}
}

func TestDecodeNullJump(t *testing.T) {
	p := dumptest.NewProcess(3)
	for _, raw := range []uint64{0, ^uint64(0)} {
		frames := p.Segv(0x100)
		frames = append(frames[:2:2], append([]dump.Frame{{Raw: raw}}, frames[2:]...)...)
		got := decode(dumptest.Cpptrace(frames))
		if diff := cmp.Diff(frames, got.Frames); diff != "" || got.Status != dump.StatusOK {
			t.Errorf("raw %#x: status %s, frames (-want +got):\n%s", raw, got.Status, diff)
		}
	}
}

func TestDecodeHugeFileIsBounded(t *testing.T) {
	b := dumptest.Cpptrace(dumptest.NewProcess(1).Segv(0x100, 0x200))
	b = append(b, make([]byte, dump.MaxRead)...)
	got := dump.Decode(b[:dump.MaxRead], 10<<30)
	if got.Kind != dump.KindCpptrace || got.Status != dump.StatusCorrupt || len(got.Frames) != 6 {
		t.Errorf("got %s %s with %d frames, want cpptrace corrupt with 6", got.Kind, got.Status, len(got.Frames))
	}
	frames := make([]dump.Frame, 100)
	for i := range frames {
		frames[i] = dumptest.NewProcess(1).At(dumptest.Wolf, uint64(i+1))
	}
	b = dumptest.Cpptrace(frames)
	if len(b) != 8+100*4120 {
		t.Fatalf("encoder wrote %d bytes", len(b))
	}
	allocs := testing.AllocsPerRun(20, func() {
		if got := decode(b); len(got.Frames) != 100 {
			t.Fatalf("%d frames", len(got.Frames))
		}
	})
	if allocs > 20 {
		t.Errorf("%v allocations for 100 frames of one object, want no more than 20", allocs)
	}
}

func TestDecodeStrings(t *testing.T) {
	b := append([]byte{1, 2, 3, 0, 0xff}, "/wolf/wolf\x00_ZN9streaming5startEi\x00/wolf/wolf\x00junk here\x00libgst.so.0\x00"...)
	b = append(b, bytes.Repeat([]byte{0xff, 0}, 50)...)
	got := decode(b)
	want := []string{"/wolf/wolf", "streaming::start(int)", "libgst.so.0"}
	if diff := cmp.Diff(want, got.Strings); diff != "" || got.Kind != dump.KindStrings {
		t.Errorf("kind %s, strings (-want +got):\n%s", got.Kind, diff)
	}
}

func TestFramesOfSize(t *testing.T) {
	for _, tc := range []struct {
		size int64
		want int
		ok   bool
	}{{148328, 36, true}, {78288, 19, true}, {98888, 24, true}, {103008, 25, true}, {8, 0, true}, {98889, 0, false}, {412008 + 4120, 0, false}, {0, 0, false}, {-1, 0, false}} {
		if n, ok := dump.FramesOfSize(tc.size); n != tc.want || ok != tc.ok {
			t.Errorf("FramesOfSize(%d) = %d, %v; want %d, %v", tc.size, n, ok, tc.want, tc.ok)
		}
	}
}

func FuzzDecode(f *testing.F) {
	p := dumptest.NewProcess(1)
	for _, b := range [][]byte{dumptest.Cpptrace(p.Segv()[:1]), dumptest.CpptraceText(p.Segv()[:1]), dumptest.Boost(p.Segv(1, 2, 3)), []byte(dumptest.Printed(p.Segv(1), true)), {0x1f, 0x8b, 8, 0}, make([]byte, 8)} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got := decode(b)
		if got.Kind == "" || got.Status == "" {
			t.Fatalf("no kind or status: %+v", got)
		}
		if n := len(got.Frames) + len(got.Dropped); n > maxFramesIn(b) {
			t.Fatalf("%d frames out of %d bytes of kind %s: more than can be there", n, len(b), got.Kind)
		}
		if got.Status != dump.StatusOK && len(got.Warnings) == 0 {
			t.Fatalf("status %s without a reason", got.Status)
		}
		if got.Kind == dump.KindCpptrace && got.Status == dump.StatusOK && len(b) > 2 && b[0] != 0x1f {
			if !sameFrames(decode(dumptest.Cpptrace(got.Frames)).Frames, got.Frames) {
				t.Fatalf("decode, encode, decode changed the frames")
			}
		}
		if got.Kind == dump.KindBoost && got.Status == dump.StatusOK && b[0] != 0x1f && !bytes.HasPrefix(b, dumptest.Boost(got.Frames)) {
			t.Fatalf("encoding the frames does not give the file back")
		}
	})
}

// maxFramesIn bounds the frames of any layout: eight bytes a frame is the least
// (boost), compressed data can expand to MaxRead.
func maxFramesIn(b []byte) int {
	if len(b) > 1 && b[0] == 0x1f && b[1] == 0x8b {
		return dump.MaxRead / 4
	}
	return len(b)/4 + 1
}

func sameFrames(a, b []dump.Frame) bool { return cmp.Diff(a, b) == "" }
