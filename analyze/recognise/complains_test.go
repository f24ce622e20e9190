package recognise

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wolfdiag/analyze/reading"
)

// numbered are texts in which a number decides whether they complain.
var numbered = []string{
	"0 devices found", "1 devices found", "wolf exited with code 0", "wolf exited with code 15", "service x: command exited 0", "found 0 gpus, 3 used",
	"not 4 devices available, 0 left", "init: h264enc is not available", "av1enc not available", "x11 display not found", "y11 display not found",
	"avc: denied { read } permissive=1", "avc: denied { read } permissive=0", "killed by signal 15", "killed by signal 99",
	"HRESULT 0x8007000e", "hr 8007000e", "hr 0x12g not found", "hr 1x12g not found", "deadbeef gpu", "DEADbeef gpu", "id dead0123-dead-beef-cafe-0123456789ab is up",
	"über8007000e", "another ipv4 mdns stack", "another ipv7 mdns stack", "resetting rcs0", "vm l2", "vm l7", "IPv4 address not available", "IPv6 address", "signal 11", "exit status 1; not expected", "Exited (137) 2 minutes ago", "+1 not found",
}

// TestComplaintsOfNumbers: a text with other digits and hex words complains if it
// does, but for the part in which reading says that they matter. The line cache
// relies on it.
func TestComplaintsOfNumbers(t *testing.T) {
	t.Parallel()
	texts := append([]string{}, numbered...)
	for _, root := range []string{"../../testdata/logs", "../../testdata/foreign", "../reading/testdata"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, ".golden") {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			seen := map[string]bool{}
			for line := range strings.Lines(string(data)) {
				line = strings.TrimSpace(line)
				if masked := string(bytes.Map(maskRune, []byte(line))); !seen[masked] {
					seen[masked] = true
					texts = append(texts, line, line[strings.LastIndexByte(line, '|')+1:])
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	free, partly := 0, 0
	for _, text := range texts {
		is, from, to := reading.Complains([]byte(text))
		switch {
		case to == 0:
			free++
		case from > 0 || to < len(text):
			partly++
		}
		words := findHexWords(nil, []byte(text))
		for range 12 {
			other := []byte(text)
			for i, c := range other {
				if '0' <= c && c <= '9' && rng.IntN(3) > 0 && !(from <= i && i < to) {
					other[i] = byte('0' + rng.IntN(10))
				}
			}
			for _, w := range words {
				if w.From < to && from < w.To {
					continue
				}
				copy(other[w.From:w.To], hexWordLike(rng, text[w.From:w.To]))
			}
			if again := findHexWords(nil, other); fmt.Sprint(again) != fmt.Sprint(words) {
				continue // of another line cache key
			}
			if got, _, _ := reading.Complains(other); got != is {
				t.Fatalf("%q complains: %v; %q: %v", text, is, other, got)
			}
		}
	}
	if free < len(texts)/2 {
		t.Errorf("numbers may matter in all but %d of %d texts", free, len(texts))
	}
	if partly < 20 {
		t.Errorf("in %d texts some numbers matter and others do not", partly)
	}
}

// hexWordLike makes another hex word of the same length, now and then a telling
// one.
func hexWordLike(rng *rand.Rand, word string) []byte {
	if telling := "8007000e"; len(word) == len(telling) && rng.IntN(3) == 0 {
		return []byte(telling)
	}
	out := make([]byte, len(word))
	for i := range out {
		out[i] = "0123456789abcdefABCDEFdeadDEAD"[rng.IntN(30)]
	}
	return out
}

func maskRune(r rune) rune {
	if '0' <= r && r <= '9' {
		return '0'
	}
	return r
}
