package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"wolfdiag/patterns"
)

var halves = []string{"dev", "held"}

func half(name string) string { return filepath.Join("..", "..", "testdata", "lab", name) }

// TestTruthFitsLogs labels the recorded logs anew from the scripts and compares: every script has its log and its label,
// every label's evidence lies in its record, and no log lies about without a script.
func TestTruthFitsLogs(t *testing.T) {
	for _, name := range halves {
		t.Run(name, func(t *testing.T) {
			cases, err := readCases(half(name))
			if err != nil {
				t.Fatal(err)
			}
			want, logs := []Truth{}, []string{}
			for _, c := range cases {
				label, err := label(c, filepath.Join(half(name), c.Slug+".log"), name == "held")
				if err != nil {
					t.Errorf("%s: %v", c.Slug, err)
				}
				want, logs = append(want, label), append(logs, label.Log)
			}
			text, err := os.ReadFile(filepath.Join(half(name), "truth.json"))
			if err != nil {
				t.Fatal(err)
			}
			var got []Truth
			if err := json.Unmarshal(text, &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("truth.json differs from the scripts' labels (run lab -n %s):\n%s", half(name), diff)
			}
			found, _ := filepath.Glob(filepath.Join(half(name), "*.log"))
			for i := range found {
				found[i] = filepath.Base(found[i])
			}
			slices.Sort(logs)
			slices.Sort(found)
			if diff := cmp.Diff(logs, found, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("scripts and logs differ:\n%s", diff)
			}
		})
	}
}

// TestLabels holds the labels to the ids of the causes and against themselves.
func TestLabels(t *testing.T) {
	catalogue, err := patterns.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	known := []string{"none", "unknown"}
	for _, c := range catalogue.Causes() {
		known = append(known, c.ID)
	}
	programs := map[string]string{}
	for _, name := range halves {
		cases, err := readCases(half(name))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			right := append([]string{c.Cause}, c.Accept...)
			for _, id := range slices.Concat(right, c.Not) {
				if !slices.Contains(known, id) {
					t.Errorf("%s: no such cause: %s", c.Slug, id)
				}
			}
			for _, id := range c.Not {
				if slices.Contains(right, id) {
					t.Errorf("%s: %s is right and wrong", c.Slug, id)
				}
			}
			if other := programs[c.Program]; other != "" && other != name {
				t.Errorf("%s: program %s is in both halves", c.Slug, c.Program)
			}
			programs[c.Program] = name
		}
	}
}

// TestLogsAreSmall keeps the records small.
func TestLogsAreSmall(t *testing.T) {
	const most = 30 << 10
	for _, name := range halves {
		logs, _ := filepath.Glob(filepath.Join(half(name), "*.log"))
		for _, path := range logs {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if len(text) > most {
				t.Errorf("%s: %d bytes", path, len(text))
			}
		}
	}
}

func TestParseCase(t *testing.T) {
	good := "# fault: a port is taken\n# cause: port-in-use\n# why: so it is\n# words: in use\n# shown: start amd compose app-1\n# seconds: 3\nnc -l 1\n"
	c, err := parseCase("x", "nc", good)
	if err != nil || c.Seconds != 3 || c.Shown != (Shown{Start: "amd", Form: "compose", Source: "app-1"}) {
		t.Errorf("parseCase = %+v, %v", c, err)
	}
	for name, bad := range map[string]string{
		"no cause":      "# fault: x\nls\n",
		"no words":      "# fault: x\n# cause: port-in-use\n# why: y\nls\n",
		"contradiction": "# fault: none\n# cause: port-in-use\n# why: y\n# words: z\nls\n",
		"unknown key":   "# fault: none\n# cause: none\n# colour: red\nls\n",
		"unknown start": "# fault: none\n# cause: none\n# shown: start voodoo raw\nls\n",
		"unknown form":  "# fault: none\n# cause: none\n# shown: syslog\nls\n",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := parseCase("x", "nc", bad); err == nil {
				t.Error("no error")
			}
		})
	}
}

func TestClean(t *testing.T) {
	long := strings.Repeat("é", maxWidth)
	got := clean("a\r\nLinux app 6.1.0-9-test #1\n[INFO] CPU Model Name: Some CPU   \n"+long+"\n\n", "6.1.0-9-test")
	want := []string{"a", "Linux app 6.12.48+deb13-amd64 #1", "[INFO] CPU Model Name: AMD Ryzen 7 5700X 8-Core Processor", long[:maxWidth]}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := len(clean(strings.Repeat("x\n", 10*maxLines), "")); n != maxLines {
		t.Errorf("%d lines", n)
	}
}
