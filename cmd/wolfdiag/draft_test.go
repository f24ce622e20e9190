package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// unknownLines are lines of as many formats, none of which the catalogue
// explains.
var unknownLines = []string{
	`06:40:11.402114885 ERROR | [DOCKER] something new went wrong: 42`,
	`wolf-1  | 06:40:11.402114885 ERROR | [HAPTICS] effect table overrun, slot 17 of 16 is stale`,
	`wolf-1  | 2025-10-02T06:40:11.752176Z ERROR smithay::backend::frobnicate: Frob of surface 12 at 0x7f12a4001c30 lost its anchor`,
	`0:00:12.345678901    42 0x7f12a4001c30 ERROR             nvencoder gstnvquux.cpp:123:gst_nv_quux_open:<nvh265enc3> Quux unit 4 did not answer within 250 ms`,
	`00:00:12.345 [ERROR] [wlr] [backend/quux.c:123] Quux plane 7 refused scanout`,
	`(wf-shell:123): Gtk-CRITICAL **: 06:40:11.123: gtk_quux_set_mode: assertion 'GTK_IS_QUUX (quux)' failed`,
	`[12345.678901] nvidia-quux 0000:01:00.0: quux engine 3 stalled, code 0x1f`,
	`{"log":"06:40:11.4 ERROR | [RTP] quux packet of 1500 bytes (seq 77) was lost\n","stream":"stderr","time":"2025-10-02T06:40:11.4Z"}`,
	`{"level":"error","ts":"2025-10-02T06:40:11Z","msg":"quux handshake with 192.168.1.5:47989 timed out after 5s","component":"web"}`,
	`time="2025-10-02T06:40:11Z" level=error msg="quux shim exited with 137" id=3f9ac01be2d4`,
	`Oct 02 06:40:11 host wolf[123]: 06:40:11.4 ERROR | [PULSE] quux sink WolfSink_246801357924680135 vanished`,
	`[2025-10-02 06:40:11.123] [quux] [error] cannot open "/dev/quux3": No such device (19)`,
	"thread 'quux-worker' panicked at src/quux.rs:12:34: called `Option::unwrap()` on a quux value",
	`ERROR: quux (at line 12) failed; retry 3/5 with "foo.bar" [a+b]*c? ^ $ {x} \d`,
	`2025/10/02 06:40:11 quux.go:123: quux dial tcp 10.0.0.1:80: connect: connection refused`,
	`E1002 06:40:11.123456       1 quux.go:123] quux sync failed for pod "wolf/0b5cf71e-1f0d-4a4b-9c52-1a3e2f60c9ab"`,
	`2025-10-02T06:40:11.4Z stderr F 06:40:11.4 ERROR | [INPUT] quux device 045e:02ea did not attach`,
	`06:40:11.402114885 WARN  | [GSTREAMER] Pipeline quux für Größe 12×34 fehlgeschlagen 🐺`,
}

// TestNewDrafts: the draft of a line of any format passes test and lint as it
// stands, and matches its line.
func TestNewDrafts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var drafts strings.Builder
	for _, line := range unknownLines {
		e, out, errs := testEnv(line + "\n")
		if code := run(context.Background(), []string{"wolfdiag", "patterns", "new"}, e); code != exitOK {
			t.Fatalf("new for %q: exit %d: %s", line, code, errs)
		}
		drafts.WriteString(out.String() + "\n")
	}
	file, log := filepath.Join(dir, "mine.toml"), filepath.Join(dir, "mine.log")
	for name, text := range map[string]string{file: drafts.String(), log: strings.Join(unknownLines, "\n") + "\n"} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, command := range []string{"test", "lint"} {
		e, out, errs := testEnv("")
		if code := run(context.Background(), []string{"wolfdiag", "patterns", command, "--catalogue", file}, e); code != exitOK {
			t.Errorf("patterns %s: exit %d: %s%s", command, code, out, errs)
		}
	}
	e, out, errs := testEnv("")
	if code := run(context.Background(), []string{"wolfdiag", "patterns", "match", "--catalogue", file, log}, e); code != exitOK {
		t.Fatalf("patterns match: exit %d: %s", code, errs)
	}
	if n := strings.Count(out.String(), "  = site-"); n != len(unknownLines) {
		t.Errorf("%d of %d lines are matched by their drafts:\n%s", n, len(unknownLines), out)
	}
}

// TestNewSaysWhatIsWrong: a line that is known already, and one too short to be
// found again, are drafted and remarked on.
func TestNewSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"quux": "the draft needs work",
		"06:40:11.4 ERROR | [CUDA] CUDA call failed: CUDA_ERROR_NOT_PERMITTED, operation not permitted": "the catalogue knows this line: cuda-error-not-permitted",
	} {
		e, out, errs := testEnv(line)
		if code := run(context.Background(), []string{"wolfdiag", "patterns", "new"}, e); code != exitOK || out.Len() == 0 || !strings.Contains(errs.String(), want) {
			t.Errorf("new for %q: exit %d, want %q in %q", line, code, want, errs)
		}
	}
}
