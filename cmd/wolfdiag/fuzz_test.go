package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"wolfdiag/analyze/report"
)

// FuzzWhole runs any bytes through the whole program, in every format: the exit
// code is one that is promised, machine formats hold no escape, JSON is JSON
// whose sums hold, and the same bytes give the same report.
func FuzzWhole(f *testing.F) {
	for _, dir := range []string{"logs", "traces"} {
		names, err := filepath.Glob(filepath.Join("..", "..", "testdata", dir, "*"))
		if err != nil {
			f.Fatal(err)
		}
		for _, n := range names {
			if b, err := os.ReadFile(n); err == nil && len(b) < 8<<10 {
				f.Add(b)
			}
		}
	}
	f.Add([]byte("# It fails\n\n```\n06:40:12.895000000 ERROR | no\n```\n"))
	f.Add([]byte("\x1b]8;;http://x\x07<script>alert(1)</script>\x00\xff"))
	analyzeAs := func(t *testing.T, text []byte, args ...string) []byte {
		e, out, errs := testEnv(string(text))
		code := run(context.Background(), append([]string{"wolfdiag", "analyze"}, args...), e)
		if code != exitOK && code != exitPartial && code != exitNoInput {
			t.Fatalf("%q: exit %d: %s", args, code, errs)
		}
		if bytes.ContainsAny(out.Bytes(), "\x1b\x00") {
			t.Errorf("%q: escapes in the output", args)
		}
		if !utf8.Valid(out.Bytes()) {
			t.Errorf("%q: not UTF-8", args)
		}
		return out.Bytes()
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		first := analyzeAs(t, text, "--format", "json", "-")
		var r report.Report
		if len(first) > 0 {
			if err := json.Unmarshal(first, &r); err != nil {
				t.Fatal(err)
			}
		}
		if c := r.Coverage; c.Explained+c.Benign+c.Unexplained != c.ErrorLines || c.ErrorLines < 0 {
			t.Errorf("sums do not hold: %+v", c)
		}
		if again := analyzeAs(t, text, "--format", "json", "-"); !bytes.Equal(first, again) {
			t.Error("the same bytes give another report")
		}
		analyzeAs(t, text, "--format", "json", "--redact", "-")
		analyzeAs(t, text, "--format", "text", "--all", "-")
		analyzeAs(t, text, "--format", "markdown", "-")
		if html := string(analyzeAs(t, text, "--format", "html", "-")); strings.Contains(html, "<script>alert") {
			t.Error("HTML of the log is HTML of the page")
		}
	})
}
