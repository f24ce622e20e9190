package analyze

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"wolfdiag/analyze/source"
)

// TestSameOnAnyCores reads every log with one to eight workers, on one to
// eight processors, and in blocks of several sizes: the reports are the same
// bytes.
func TestSameOnAnyCores(t *testing.T) {
	t.Parallel()
	for _, log := range corpus(t) {
		t.Run(log.name, func(t *testing.T) {
			want := read(t, Options{Workers: 1}, log)
			if want.Coverage.Lines == 0 {
				t.Fatal("nothing was read")
			}
			for _, o := range []Options{
				{Workers: 1}, {Workers: 2}, {Workers: 8},
				{Workers: 1, BlockSize: 4 << 10}, {Workers: 3, BlockSize: 4 << 10}, {Workers: 2, BlockSize: 64 << 10}, {Workers: 8, BlockSize: 1 << 20},
			} {
				same(t, want, read(t, o, log), fmt.Sprintf("%d workers, blocks of %d", o.Workers, o.BlockSize))
			}
		})
	}
}

func TestSameOnAnyGOMAXPROCS(t *testing.T) {
	was := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(was)
	for _, log := range corpus(t) {
		runtime.GOMAXPROCS(1)
		want := read(t, Options{BlockSize: 16 << 10}, log)
		for _, n := range []int{2, 8} {
			runtime.GOMAXPROCS(n)
			same(t, want, read(t, Options{BlockSize: 16 << 10}, log), fmt.Sprintf("%s on %d processors", log.name, n))
		}
	}
}

// TestFeedLikeRead hands each log over in random pieces, as a live stream
// would, and compares with reading it at once.
func TestFeedLikeRead(t *testing.T) {
	t.Parallel()
	for i, log := range corpus(t) {
		t.Run(log.name, func(t *testing.T) {
			want := read(t, Options{Workers: 1}, log)
			for seed := range uint64(3) {
				rng := rand.New(rand.NewPCG(seed, uint64(i)))
				same(t, want, feedPieces(t, Options{}, log, rng), fmt.Sprintf("pieces of seed %d", seed))
			}
		})
	}
}

// feedPieces gives a log to Feed the way a follower does: whatever has arrived, with
// what was not taken the last time in front of it.
func feedPieces(t *testing.T, o Options, log named, rng *rand.Rand) *Report {
	t.Helper()
	a := newAnalyzer(t, o)
	var pending []byte
	for rest := log.data; len(rest) > 0; {
		n := min(len(rest), 1+rng.IntN(4<<10))
		if rng.IntN(4) == 0 {
			n = min(len(rest), 1+rng.IntN(64))
		}
		pending = append(pending, rest[:n]...)
		rest = rest[n:]
		took := a.Feed(log.name, "stdin", time.Time{}, pending, false)
		if took > len(pending) {
			t.Fatalf("took %d of %d bytes", took, len(pending))
		}
		pending = append([]byte(nil), pending[took:]...)
		if rng.IntN(16) == 0 {
			_ = a.Report() // asking in between changes nothing
		}
	}
	if took := a.Feed(log.name, "stdin", time.Time{}, pending, true); took != len(pending) {
		t.Fatalf("the last Feed took %d of %d bytes", took, len(pending))
	}
	return a.Report()
}

// TestReportTwice asks twice; the second answer is the same.
func TestReportTwice(t *testing.T) {
	for _, log := range corpus(t)[:12] {
		a := newAnalyzer(t, Options{})
		if err := a.Read(context.Background(), source.Input{Name: log.name, Kind: source.KindStdin}, bytes.NewReader(log.data)); err != nil {
			t.Fatal(err)
		}
		same(t, a.Report(), a.Report(), log.name)
	}
}

// TestCancelled stops in the middle: what was read counts, and the report says
// that it is partial.
func TestCancelled(t *testing.T) {
	log := named{"long.log", bulk(t, "benign", 4<<20)}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	a := newAnalyzer(t, Options{BlockSize: 64 << 10, Workers: 2, Progress: func(read, _ int64) {
		if read > 256<<10 {
			cancel()
		}
	}})
	err := a.Read(ctx, source.Input{Name: log.name, Kind: source.KindStdin}, bytes.NewReader(log.data))
	if err == nil {
		t.Fatal("no error from a cancelled Read")
	}
	r := a.Report()
	if !r.Partial || r.Coverage.Lines == 0 || r.Inputs[0].Bytes >= int64(len(log.data)) {
		t.Errorf("partial %v, %d lines, %d of %d bytes", r.Partial, r.Coverage.Lines, r.Inputs[0].Bytes, len(log.data))
	}
}
