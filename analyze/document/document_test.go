package document

import (
	"strings"
	"testing"

	"wolfdiag/analyze/snapshot"
)

// TestEdit: prose is blanked, log lines stay, a fenced snapshot is taken out.
func TestEdit(t *testing.T) {
	t.Parallel()
	const stats = "NAME           CPU %     MEM USAGE / LIMIT   MEM %\nwolf-1         3.67%     410MiB / 503.6GiB   0.08%\n"
	const text = "# It fails\n\nThe encoder failed.\r\n```\nsomething failed without any form\n```\n06:40:12.000000000 WARN  | outside a fence\n```\n" + stats + "```\n"
	d := Of([]byte(text))
	if d == nil {
		t.Fatal("no document")
	}
	data := []byte(text)
	d.Edit(data)
	var left []string
	for _, line := range strings.Split(string(data), "\n") {
		if s := strings.TrimSpace(line); s != "" {
			left = append(left, s)
		}
	}
	want := "```|something failed without any form|```|06:40:12.000000000 WARN  | outside a fence|```|```"
	if got := strings.Join(left, "|"); got != want || len(data) != len(text) {
		t.Errorf("left %q, want %q", got, want)
	}
	if len(d.Pieces) != 1 || d.Pieces[0].Kind != snapshot.DockerStats || string(d.Pieces[0].Data) != strings.Repeat("\n", 8)+stats {
		t.Errorf("pieces %q, want the table of docker stats on its lines", d.Pieces)
	}
}

// TestOf: what a document begins like.
func TestOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, head string
		want       bool
	}{
		{"heading and fence", "## Logs\n```\nx\n```\n", true},
		{"heading later", "text\n### Logs\n```\n", true},
		{"no fence", "# Logs\nx\n", false},
		{"no heading", "```\nx\n```\n", false},
		{"a comment of a shell", "#!/bin/sh\n```\n", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := Of([]byte(tt.head)) != nil; got != tt.want {
				t.Errorf("document: %v, want %v", got, tt.want)
			}
		})
	}
}
