//go:build unix

package files

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"wolfdiag/analyze/follow/account"
	"wolfdiag/analyze/follow/filestest"
	"wolfdiag/analyze/source/disk/disktest"
)

// memory is a file system in memory and a reader of one name in it, of which the
// test makes every step.
type memory struct {
	*disktest.FS
	r     *Path
	next  int // number of the next line
	seen  map[int]int
	gaps  []account.Gap
	out   chan Piece
	clock stillClock
}

// stillClock goes on when it is moved.
type stillClock struct{ now time.Time }

func (c *stillClock) Now() time.Time                       { return c.now }
func (c *stillClock) After(time.Duration) <-chan time.Time { return nil }
func (c *stillClock) Move(d time.Duration)                 { c.now = c.now.Add(d) }

func newMemory(name string, watched bool) *memory {
	m := &memory{seen: map[int]int{}, out: make(chan Piece, 1<<12), clock: stillClock{time.Unix(1_760_000_000, 0)}}
	m.FS = disktest.New(m.clock.Now)
	m.r = &Path{Shared: Shared{FS: m.FS, Clock: &m.clock, Out: m.out, Alone: true}, Name: name, Initial: true}
	if watched {
		m.r.Watch = simWatcher{m.FS}
	}
	return m
}

// line appends a line to a file.
func (m *memory) line(name string) {
	w := m.Create(name)
	_, _ = w.Write([]byte(filestest.Numbered(m.next))) // into memory
	w.Close()
	m.next++
}

// look lets the reader look once and read what it has found.
func (m *memory) look() {
	m.r.poll()
	for range 2 * maxQueue {
		if m.r.mayRead() {
			m.r.read()
		}
	}
	for len(m.r.box.pieces) > 0 {
		m.take(m.r.box.pieces[0])
		m.r.box.pop()
	}
}

func (m *memory) take(p Piece) {
	if p.Gap != nil {
		m.gaps = append(m.gaps, *p.Gap)
	}
	for l := range bytes.Lines(p.Data) {
		if n, ok := filestest.Number(string(l)); ok {
			m.seen[n]++
		}
	}
}

// end ends the reading and returns what is lost, what came twice, and what the
// account says.
func (m *memory) end() (lost, twice int, stats account.File) {
	m.r.finish(context.Background())
	m.r.names.close()
	for len(m.out) > 0 {
		m.take(<-m.out)
	}
	for i := range m.next {
		switch c := m.seen[i]; {
		case c == 0:
			lost++
		case c > 1:
			twice++
		}
	}
	return lost, twice, m.r.stats
}

// TestBeforeFirstLook rotates the file that bore the name when following began
// before it is looked at: it is read, or told, whether anybody counts files or not.
func TestBeforeFirstLook(t *testing.T) {
	const name = "/logs/wolf.log"
	shift := func(m *memory) {
		m.clock.Move(time.Second)
		m.Remove(name + ".2")
		m.Rename(name+".1", name+".2")
		m.Rename(name, name+".1")
		m.line(name)
	}
	for _, tt := range []struct {
		name string
		play func(m *memory)
		lost int
		gap  string // part of what is told; "": nothing need be
	}{
		{"nothing happens", func(m *memory) { m.line(name) }, 0, ""},
		{"renamed", shift, 0, ""},
		{"renamed twice", func(m *memory) { shift(m); shift(m) }, 0, ""},
		{"renamed, nothing has come in its place yet", func(m *memory) {
			m.Rename(name, name+".1")
			m.look()
			m.line(name)
		}, 0, ""},
		{"rotated by numbers until it is gone", func(m *memory) { shift(m); shift(m); shift(m) }, 0, ""},
		{"rotated until others are gone", func(m *memory) { shift(m); shift(m); shift(m); shift(m) }, 1, "gone before they could be read"},
		{"deleted and made anew", func(m *memory) { m.Remove(name); m.line(name) }, 0, ""},
		{"truncated", func(m *memory) { m.Truncate(name) }, 1, "truncated before they could be read"},
	} {
		for _, watch := range []string{"counted", "count lost", "not counted"} {
			t.Run(tt.name+", "+watch, func(t *testing.T) {
				m := newMemory(name, watch != "not counted")
				m.Rename(name, name+".1")
				m.clock.Move(time.Second)
				m.line(name)
				m.r.prepare()
				if watch == "count lost" {
					m.LoseEvents()
				}
				tt.play(m)
				for range 3 {
					m.look()
				}
				var told []string
				for _, g := range m.gaps {
					told = append(told, g.String())
				}
				lost, twice, st := m.end()
				if lost != tt.lost || twice != 0 || st.Balance() != 0 {
					t.Errorf("%d lines lost, want %d; %d twice; the account lacks %d bytes", lost, tt.lost, twice, st.Balance())
				}
				all := strings.Join(told, "; ")
				if tt.gap == "" && len(told) > 0 && watch == "counted" || tt.gap != "" && (len(told) != 1 || !strings.Contains(all, tt.gap)) {
					t.Errorf("gaps %q, want one of %q", all, tt.gap)
				}
			})
		}
	}
}

// TestLostCount deletes files between two looks after the system has lost count
// of them: that there may have been more is told once, and only then.
func TestLostCount(t *testing.T) {
	const name = "/logs/wolf.log"
	m := newMemory(name, true)
	m.line(name)
	m.r.prepare()
	m.look()
	m.LoseEvents()
	m.look()
	if len(m.gaps) > 0 {
		t.Fatalf("the file is the same, and gaps are told: %v", m.gaps)
	}
	m.LoseEvents()
	for range 3 {
		m.Remove(name)
		m.line(name)
	}
	m.look()
	if len(m.gaps) != 1 || m.gaps[0].Reason != account.Gone || !strings.Contains(m.gaps[0].Detail, "lost count") {
		t.Errorf("gaps %v, want one", m.gaps)
	}
	m.Remove(name)
	m.line(name)
	m.look()
	if lost, twice, st := m.end(); lost != 2 || twice != 0 || st.Balance() != 0 || st.Gaps != 1 {
		t.Errorf("%d lost, want 2; %d twice; account %+v", lost, twice, st)
	}
}

// TestLinkWithoutRest switches a link whenever the reader lists a folder: what it
// has to look at stays bounded, and what falls out of that is told.
func TestLinkWithoutRest(t *testing.T) {
	const name = "/logs/wolf.log"
	for _, watched := range []bool{true, false} {
		t.Run(fmt.Sprintf("counted %v", watched), func(t *testing.T) {
			m := newMemory(name, watched)
			links := 0
			turn := func() {
				links++
				target := fmt.Sprintf("/pods/%d.log", links)
				m.line(target)
				m.Link(target, name)
				m.Remove(fmt.Sprintf("/pods/%d.log", links-2*maxLeft))
			}
			turn()
			m.r.prepare()
			m.look()
			busy, calls := true, 0
			m.Call = func(op disktest.Op, _ string) error {
				if calls++; busy && op == disktest.List {
					turn()
				}
				return nil
			}
			for range 5 {
				m.clock.Move(50 * time.Millisecond)
				calls = 0
				turn() // what the reader goes to look for
				m.look()
				if n := len(m.r.names.left); n > maxLeft {
					t.Fatalf("%d former targets are looked at", n)
				}
				if calls > 20*2*(3*maxLeft+10) {
					t.Fatalf("%d calls in one look", calls)
				}
			}
			busy = false
			for range 5 {
				m.look()
			}
			lost, twice, st := m.end()
			if lost == 0 || twice > 0 || st.Balance() != 0 {
				t.Errorf("of %d: %d lost, %d twice; the account lacks %d bytes", m.next, lost, twice, st.Balance())
			}
			files := 0
			for _, g := range m.gaps {
				files += g.Files
			}
			if len(m.gaps) == 0 || watched && files != lost {
				t.Errorf("%d files lost, %d told: %v", lost, files, m.gaps)
			}
			if m.OpenFiles() > 0 {
				t.Errorf("%d files left open", m.OpenFiles())
			}
		})
	}
}

// TestGapsNobodyTakes truncates a file without end while the follower takes
// nothing: gaps are joined, and none is left out of the account.
func TestGapsNobodyTakes(t *testing.T) {
	m := newMemory("/logs/wolf.log", true)
	m.line(m.r.Name)
	m.r.prepare()
	m.look()
	const times = 3 * maxNotices
	for range times {
		m.line(m.r.Name)
		m.r.poll()
		m.Truncate(m.r.Name)
		m.clock.Move(50 * time.Millisecond)
		m.r.poll()
	}
	if n := len(m.r.box.pieces); n > maxNotices+10 {
		t.Errorf("%d pieces are kept", n)
	}
	lost, _, st := m.end()
	var told int64
	for _, g := range m.gaps {
		told += g.Bytes
	}
	if lost != times || told != st.GapBytes || st.GapBytes == 0 || st.Gaps != times {
		t.Errorf("%d lines lost, %d bytes in %d gaps told, account %+v", lost, told, len(m.gaps), st)
	}
}

// TestRotatedWhileResuming rotates a file before each single call of a reader
// that goes on where another one has ended.
func TestRotatedWhileResuming(t *testing.T) {
	const name = "/logs/wolf.log"
	for _, tt := range []struct {
		name   string
		rotate func(m *memory)
		opened int // from this call on, what is deleted is open
	}{
		{"copytruncate", func(m *memory) { m.Copy(name, name+".1"); m.Truncate(name) }, 0},
		{"rename", func(m *memory) { m.Rename(name, name+".1") }, 0},
		{"rename and compress", func(m *memory) { m.Rename(name, name+".1"); m.Gzip(name + ".1") }, 0},
		{"delete", func(m *memory) { m.Remove(name) }, 3},
		{"rename, and delete the next", func(m *memory) {
			m.Rename(name, name+".1")
			m.line(name)
			m.Remove(name)
		}, 100},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for moment := 1; ; moment++ {
				m := newMemory(name, true)
				for range 5 {
					m.line(name)
				}
				m.r.prepare()
				m.look()
				place := m.r.queue[0].position()
				_, _, _ = m.end()
				for range 5 {
					m.line(name)
				}
				m.r = &Path{Shared: m.r.Shared, Name: name, Initial: true, Resume: place}
				calls := 0
				m.Call = func(disktest.Op, string) error {
					if calls++; calls == moment {
						tt.rotate(m)
						m.line(name)
					}
					return nil
				}
				m.r.prepare()
				for range 3 {
					m.look()
				}
				m.Call = nil
				lost, twice, st := m.end()
				if twice != 0 || st.Balance() != 0 || (lost > 0) != (len(m.gaps) > 0) || lost > 0 && moment >= tt.opened {
					t.Errorf("before call %d: %d lines lost, %d twice, gaps %v; the account lacks %d bytes", moment, lost, twice, m.gaps, st.Balance())
				}
				if calls < moment {
					if moment < 12 {
						t.Errorf("only %d calls", calls)
					}
					return
				}
			}
		})
	}
}
