package gpu

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCommandOf tells a command from a file of rows.
func TestCommandOf(t *testing.T) {
	dir := t.TempDir()
	for name, f := range map[string]struct {
		text string
		mode os.FileMode
	}{
		"monitor": {"#!/bin/sh\necho 1\n", 0o755},
		"rows":    {"timestamp, memory.used [MiB]\n", 0o644},
		"odd":     {"timestamp, memory.used [MiB]\n", 0o755}, // of a share that makes all files executable
		"script":  {"#!/bin/sh\necho 1\n", 0o644},
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(f.text), f.mode); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct{ source, want, err string }{
		{dir + "/monitor", dir + "/monitor", ""},
		{dir + "/monitor -l 5", dir + "/monitor|-l|5", ""},
		{dir + "/rows", "", ""},
		{dir + "/odd", "", ""},
		{dir + "/script", "", ""},
		{dir + "/none yet", "", "cannot run the GPU monitor"},
		{dir + "/none-yet.csv", "", ""},
		{"sh", "sh", ""},
		{`sh -c "`, "", "not closed"},
	} {
		t.Run(tt.source, func(t *testing.T) {
			got, err := commandOf(tt.source)
			if strings.Join(got, "|") != tt.want || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Errorf("got %q, %v; want %q, %q", got, err, tt.want, tt.err)
			}
		})
	}
}
