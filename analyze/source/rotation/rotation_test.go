package rotation

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/source/disk"
)

// TestParse reads names that rotators make; the same base is found by Of.
func TestParse(t *testing.T) {
	day := time.Date(2025, 10, 2, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name string
		want Name
	}{
		{"wolf.log.1", Name{Base: "wolf.log", Kind: Numbered, Number: 1}},
		{"wolf.log.12.gz", Name{Base: "wolf.log", Kind: Numbered, Number: 12, Compressed: ".gz"}},
		{"/logs/a-1/4f1c-json.log.3", Name{Base: "/logs/a-1/4f1c-json.log", Kind: Numbered, Number: 3}},
		{"wolf.log-20251002", Name{Base: "wolf.log", Kind: Dated, Date: day}},
		{"wolf.log-20251002.xz", Name{Base: "wolf.log", Kind: Dated, Date: day, Compressed: ".xz"}},
		{"wolf.log-2025-10-02", Name{Base: "wolf.log", Kind: Dated, Date: day}},
		{"wolf.log-20251002-06", Name{Base: "wolf.log", Kind: Dated, Date: day.Add(6 * time.Hour)}},
		{"wolf.log-20251002-1759387211", Name{Base: "wolf.log", Kind: Dated, Date: time.Unix(1759387211, 0).UTC()}},
		{"wolf.log-1759387211", Name{Base: "wolf.log", Kind: Dated, Date: time.Unix(1759387211, 0).UTC()}},
		{"0.log.20251002-064011.gz", Name{Base: "0.log", Kind: Dated, Date: day.Add(6*time.Hour + 40*time.Minute + 11*time.Second), Compressed: ".gz"}},
		{"wolf.log.2025-10-02_06-40", Name{Base: "wolf.log", Kind: Dated, Date: day.Add(6*time.Hour + 40*time.Minute)}},
		{"wolf-2025-10-02T06-40-11.123.log", Name{Base: "wolf.log", Kind: Dated, Date: day.Add(6*time.Hour + 40*time.Minute + 11*time.Second)}},
		{"wolf-20251002.log", Name{Base: "wolf.log", Kind: Dated, Date: day}},
		{"wolf_2025-10-02.log", Name{Base: "wolf.log", Kind: Dated, Date: day}},
		{"wolf.2.log", Name{Base: "wolf.log", Kind: Numbered, Number: 2}},
		{"syslog-20251002", Name{Base: "syslog", Kind: Dated, Date: day}},
		{"wolf.log", Name{Base: "wolf.log"}},
		{"wolf-2.log", Name{Base: "wolf-2.log"}}, // the log of a second wolf
		{"wolf.log.gz", Name{Base: "wolf.log", Compressed: ".gz"}},
		{"wolf.log.old", Name{Base: "wolf.log.old"}},
		{"wolf.log-20251302", Name{Base: "wolf.log-20251302"}},
		{".1", Name{Base: ".1"}},
		{"1", Name{Base: "1"}},
		{"", Name{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Parse(tt.name)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if got.Kind == None {
				return
			}
			base, name := filepath.Base(got.Base), filepath.Base(tt.name)
			got.Base = base
			if diff := cmp.Diff(got, Of(base, name)); diff != "" {
				t.Errorf("Of(%q, %q), -Parse +Of:\n%s", base, name, diff)
			}
		})
	}
}

// TestList wants every kind of name in one order, oldest first.
func TestList(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files string // oldest first, in the order in which they were last written
		want  string
	}{
		{"numbered", "wolf.log.10 wolf.log.9 wolf.log.2 wolf.log.1 wolf.log", "wolf.log.10 wolf.log.9 wolf.log.2 wolf.log.1"},
		{"a stale number does not hide the dates", "wolf.log.1 wolf.log-20251001 wolf.log-20251002-1759387211 wolf.log-2025-10-03 wolf.log",
			"wolf.log.1 wolf.log-20251001 wolf.log-20251002-1759387211 wolf.log-2025-10-03"},
		{"a stale date does not hide the numbers", "wolf.log-20240101 wolf.log.2.gz wolf.log.1 wolf.log", "wolf.log-20240101 wolf.log.2.gz wolf.log.1"},
		{"numbers count, not the time of the last write", "wolf.log.1 wolf.log.2 wolf.log", "wolf.log.2 wolf.log.1"},
		{"others", "wolf-2.log wolf.log.old other.log.1 wolf.logs.1 wolf.log", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			at := time.Date(2025, 10, 2, 6, 0, 0, 0, time.UTC)
			for i, n := range strings.Fields(tt.files) {
				name := filepath.Join(dir, n)
				if err := os.WriteFile(name, nil, 0o644); err != nil {
					t.Fatal(err)
				}
				at := at.Add(time.Duration(i) * time.Minute)
				if err := os.Chtimes(name, at, at); err != nil {
					t.Fatal(err)
				}
			}
			gens, err := List(disk.OS{}, filepath.Join(dir, "wolf.log"))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, g := range gens {
				got = append(got, filepath.Base(g.Path))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
	if gens, err := List(disk.OS{}, filepath.Join(t.TempDir(), "none", "wolf.log")); err != nil || len(gens) > 0 {
		t.Errorf("a folder that is not there: %v, %v", gens, err)
	}
}

// FuzzParse wants names whose parts give the name again.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"wolf.log.1", "wolf.log-20251002-06.gz", "wolf-2025-10-02T06-40-11.123.log", "a/b.1", "-20251002", "x..1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := Parse(s)
		if n.Kind == None {
			if n.Base+n.Compressed != s {
				t.Errorf("%q: base %q and %q", s, n.Base, n.Compressed)
			}
			return
		}
		if n.Base == "" || strings.HasSuffix(n.Base, "/") || len(n.Base)+len(n.Compressed) >= len(s) {
			t.Errorf("%q: base %q", s, n.Base)
		}
		if got := Of(filepath.Base(n.Base), filepath.Base(s)); filepath.Dir(n.Base) == filepath.Dir(s) && got.Kind == None && !strings.Contains(s, "//") {
			t.Errorf("%q: Parse finds the base %q, Of does not: %+v", s, n.Base, got)
		}
	})
}
