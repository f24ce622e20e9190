package redact

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/loggen"
)

// mixedLog has what depends on the lines before: numbers that are ids because
// they were one before, stand-ins, keys over lines with other lines between.
func mixedLog(t testing.TB) []byte {
	t.Helper()
	var storm bytes.Buffer
	if err := loggen.Bulk(&storm, loggen.Storm, 64<<10, 1); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	for i, l := range strings.SplitAfter(storm.String(), "\n") {
		b.WriteString(l)
		id := 1_234_567_890_123_450 + rng.IntN(20) // a time, unless it is known as an id
		switch i % 17 {
		case 3:
			fmt.Fprintf(&b, "client 198.51.100.%d has %d\n", rng.IntN(200), id)
		case 7:
			fmt.Fprintf(&b, "session %d began\n", id)
		case 11:
			fmt.Fprintf(&b, "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\nwolf-1 | a line between\nq8n5m1hXb2RlIGtleSBtYXRlcmlhbCBub3QgcmVhbA%02d==\n", i%90)
			if i%2 == 0 {
				b.WriteString("-----END PRIVATE KEY-----\n")
			}
		case 13:
			fmt.Fprintf(&b, "-----BEGIN of a poem-----\nDB_PASSWORD=horse-%d\n", i)
		}
	}
	return []byte(b.String())
}

// blocks cuts a log at ends of lines.
func blocks(log []byte, seed uint64) func() (Block, error) {
	rng := rand.New(rand.NewPCG(seed, 3))
	return func() (Block, error) {
		if len(log) == 0 {
			return Block{}, io.EOF
		}
		n := lineEnd(log, min(rng.IntN(20_000), len(log)-1))
		b := Block{Text: log[:n]}
		log = log[n:]
		return b, nil
	}
}

// TestStream wants the same bytes and counts from any number of workers.
func TestStream(t *testing.T) {
	log := mixedLog(t)
	plain := ForLogs()
	want := plain.Lines(nil, log)
	if n := bytes.Count(want, []byte("900000000000000")); n < 50 || bytes.Count(want, []byte("\n")) != bytes.Count(log, []byte("\n")) || bytes.Contains(want, []byte("horse-")) {
		t.Fatalf("%d session ids masked in %d lines", n, bytes.Count(want, []byte("\n")))
	}
	for workers := range 5 {
		r := ForLogs()
		var got []byte
		err := r.Stream(workers, blocks(log, uint64(workers)), func(masked []byte) error { got = append(got, masked...); return nil })
		if err != io.EOF || !bytes.Equal(want, got) {
			t.Errorf("%d workers: %v; %s", workers, err, firstDifference(want, got))
		}
		if diff := cmp.Diff(plain.Counts(), r.Counts()); diff != "" {
			t.Errorf("%d workers, counts:\n%s", workers, diff)
		}
	}
}

func firstDifference(a, b []byte) string {
	x, y := bytes.SplitAfter(a, []byte("\n")), bytes.SplitAfter(b, []byte("\n"))
	for i := range min(len(x), len(y)) {
		if !bytes.Equal(x[i], y[i]) {
			return fmt.Sprintf("line %d: %q, want %q", i+1, y[i], x[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(y), len(x))
}

// TestStreamFails gives back the error of whoever failed, and ends.
func TestStreamFails(t *testing.T) {
	full, broken := errors.New("disk full"), errors.New("read failed")
	for workers := range 4 {
		n := 0
		err := New().Stream(workers, blocks(mixedLog(t), 1), func([]byte) error {
			if n++; n == 3 {
				return full
			}
			return nil
		})
		if err != full || n != 3 {
			t.Errorf("%d workers: %v after %d blocks", workers, err, n)
		}
		next, left, written := blocks(mixedLog(t), 1), 3, 0
		err = New().Stream(workers, func() (Block, error) {
			if left--; left < 0 {
				return Block{}, broken
			}
			return next()
		}, func([]byte) error { written++; return nil })
		if err != broken || written != 3 {
			t.Errorf("%d workers: %v, %d blocks written", workers, err, written)
		}
	}
}
