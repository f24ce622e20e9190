package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wolfdiag/analyze/report"
)

// TestSumsAddUp: in every golden report prior, weights, consequences and shares
// add up to the printed probability of each cause.
func TestSumsAddUp(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "golden", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d goldens, %v", len(files), err)
	}
	checked := 0
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var r report.Report
		if err := json.Unmarshal(b, &r); err != nil || !strings.HasPrefix(r.Schema, "wolfdiag/report/") {
			continue
		}
		for _, c := range r.Causes {
			checked++
			weights, sum := 0.0, c.Sum.Prior+c.Sum.Evidence+c.Sum.Explains+c.Sum.Unshown
			for _, e := range c.Evidence {
				weights += e.Weight
			}
			for _, s := range c.Sum.Rivals {
				sum += s.Weight
			}
			if p := 1 / (1 + math.Exp(-c.Sum.Total)); math.Abs(sum-c.Sum.Total) > 0.01 || math.Abs(weights-c.Sum.Evidence) > 0.01 || math.Abs(p-c.Probability) > 0.001 {
				t.Errorf("%s: %s: parts add up to %.4f, weights to %.4f: %+v, probability %.4f", filepath.Base(f), c.ID, sum, weights, c.Sum, c.Probability)
			}
		}
	}
	if checked < 10 {
		t.Errorf("only %d causes checked", checked)
	}
}
