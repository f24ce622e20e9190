package analyze

import (
	"strings"
	"testing"
)

// a bug report with pieces of a log, of which one stands outside the fences,
// and of the state.
const bugReport = "# Sessions fail\n" +
	"\n" +
	"The encoder can't create a CUDA context: out of memory? Restarting fixes the error.\n" +
	"```\n" +
	"06:40:11.750123456 INFO  | [DOCKER] Starting container: /WolfXFCE_12\n" +
	"2025-10-02T06:40:11.752176Z ERROR smithay::backend::renderer::gles: [GL] GL_OUT_OF_MEMORY error generated. Failed to allocate memory for buffer object.\n" +
	"something failed without any form\n" +
	"```\n" +
	"and then\n" +
	"06:40:12.000000000 WARN  | Received MOUSE_MOVE_REL_PACKET but no mouse device is present\n" +
	"\n" +
	"## Usage at that time\n" +
	"```\n" +
	"NAME           CPU %     MEM USAGE / LIMIT   MEM %\n" +
	"helix-wolf-1   3.67%     410MiB / 503.6GiB   0.08%\n" +
	"```\n" +
	"- the container crashes\n"

// TestDocument reads a Markdown text: its prose is no complaint, its fences are
// a log and snapshots.
func TestDocument(t *testing.T) {
	t.Parallel()
	r := read(t, Options{}, named{"issue.md", []byte(bugReport)})
	if c := r.Coverage; c.ErrorLines != 3 || c.Explained != 1 || c.Benign != 1 || c.Unexplained != 1 || c.Lines != 17 {
		t.Errorf("coverage %+v, want 3 of 17 lines: one explained, one benign, one unexplained", c)
	}
	if len(r.Unexplained) != 1 || r.Unexplained[0].First.Line != 7 {
		t.Errorf("unexplained %+v, want line 7 alone", r.Unexplained)
	}
	if len(r.Facts) != 1 || !strings.Contains(r.Facts[0].Text, "410MiB of 503.6GiB") {
		t.Errorf("facts %+v, want those of docker stats", r.Facts)
	}
	if len(r.Lifetimes) != 1 || r.Lifetimes[0].Sessions == nil || *r.Lifetimes[0].Sessions != 1 {
		t.Errorf("lifetimes %+v, want one with one session", r.Lifetimes)
	}
	// Without a heading it is a log that somebody fenced: every line counts.
	_, bare, _ := strings.Cut(bugReport, "\n\n")
	bare = strings.ReplaceAll(bare, "## Usage at that time", "")
	if c := read(t, Options{}, named{"paste.log", []byte(bare)}).Coverage; c.Unexplained < 2 {
		t.Errorf("a paste without headings: coverage %+v, want its plain lines in it", c)
	}
	empty := "# Nothing\n\nIt failed with an error.\n\n```\n\n```\n"
	if c := read(t, Options{}, named{"empty.md", []byte(empty)}).Coverage; c.ErrorLines != 0 {
		t.Errorf("a document without a log: coverage %+v, want no complaint", c)
	}
}
